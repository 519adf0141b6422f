package com.example.intranet;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.io.PrintWriter;
import org.apereo.cas.client.authentication.AttributePrincipal;

@WebServlet({"/private/*", "/open", "/logout"})
public class PrivateServlet extends HttpServlet {
  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    HttpSession session = request.getSession(false);
    if (request.getServletPath().equals("/logout")) {
      session.invalidate();
    }
    response.setContentType("text/plain");
    PrintWriter out = response.getWriter();
    out.println("user " + request.getRemoteUser());
    if (request.getUserPrincipal() instanceof AttributePrincipal principal) {
      out.println("mail " + principal.getAttributes().get("mail"));
      out.println("groups " + principal.getAttributes().get("group"));
      out.println("staff " + request.isUserInRole("staff"));
    }
  }
}
