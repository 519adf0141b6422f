package dev.holdfast.container.tokens;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;

/** {@code form} answers a token, {@code login} logs in, {@code send} asks for the token. */
@WebServlet("/tokens/*")
public final class TokenServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    HttpSession session = request.getSession();
    String answer =
        switch (request.getPathInfo()) {
          case "/form" -> Tokens.of(session.getId());
          case "/login" -> {
            session.setAttribute("user", "ada");
            yield "logged in";
          }
          case "/login-by-hand" -> {
            request.changeSessionId();
            session.setAttribute("user", "ada");
            yield "logged in";
          }
          case "/user" -> String.valueOf(session.getAttribute("user"));
          case "/send" ->
              Tokens.isOf(session.getId(), request.getParameter("token")) ? "accepted" : "refused";
          default -> throw new IllegalArgumentException(request.getPathInfo());
        };
    response.setContentType("text/plain;charset=UTF-8");
    response.getWriter().print(answer);
  }
}
