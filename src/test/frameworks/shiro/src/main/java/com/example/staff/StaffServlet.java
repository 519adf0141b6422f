package com.example.staff;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.PrintWriter;
import org.apache.shiro.SecurityUtils;
import org.apache.shiro.session.Session;
import org.apache.shiro.subject.SimplePrincipalCollection;
import org.apache.shiro.subject.Subject;

/** Who the user is and may be, and how often they came, by Shiro's own session. */
public class StaffServlet extends HttpServlet {
  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Subject subject = SecurityUtils.getSubject();
    if ("ben".equals(request.getParameter("as"))) {
      subject.runAs(new SimplePrincipalCollection("ben", "iniRealm"));
    } else if ("self".equals(request.getParameter("as"))) {
      subject.releaseRunAs();
    }
    Session session = subject.getSession();
    Integer visits = (Integer) session.getAttribute("visits");
    session.setAttribute("visits", visits == null ? 1 : visits + 1);
    response.setContentType("text/plain");
    PrintWriter out = response.getWriter();
    out.println("user " + subject.getPrincipal() + " from " + subject.getPrincipals().getRealmNames());
    out.println("admin " + subject.hasRole("admin"));
    out.println("may write " + subject.isPermitted("lamp:write"));
    out.println("remote user " + request.getRemoteUser());
    out.println("visit " + session.getAttribute("visits"));
    out.println("query " + request.getQueryString());
  }
}
