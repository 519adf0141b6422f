package com.example.portal;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;

/** Says who is asking, each line like {@code user -> alice}. */
@WebServlet({"/who", "/admin", "/public"})
public class WhoServlet extends HttpServlet {

  private static final long serialVersionUID = 1L;

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Authentication who = SecurityContextHolder.getContext().getAuthentication();
    response.setContentType("text/plain;charset=UTF-8");
    response
        .getWriter()
        .printf(
            "user -> %s%nauthorities -> %s%nremote user -> %s%nadmin -> %s%n",
            who.getName(),
            who.getAuthorities(),
            request.getRemoteUser(),
            request.isUserInRole("ADMIN"));
  }
}
