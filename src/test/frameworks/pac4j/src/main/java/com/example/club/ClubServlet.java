package com.example.club;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.pac4j.core.context.FrameworkParameters;
import org.pac4j.core.profile.ProfileManager;
import org.pac4j.core.profile.UserProfile;
import org.pac4j.jee.context.JEEContext;
import org.pac4j.jee.context.session.JEESessionStore;

@WebServlet("/club/*")
public class ClubServlet extends HttpServlet {
  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    ProfileManager profiles =
        new ProfileManager(new JEEContext(request, response), new JEESessionStore());
    UserProfile profile = profiles.getProfile().orElseThrow();
    response.setContentType("text/plain");
    response
        .getWriter()
        .println(
            "user " + profile.getId() + " " + profile.getRoles() + " by " + profile.getClientName());
    response.getWriter().println("remote user " + request.getRemoteUser());
    response.getWriter().println("query " + request.getQueryString());
  }
}
