package com.example.legacy;

import io.netty.util.Version;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URL;
import java.util.Map;
import java.util.TreeMap;

/**
 * A basket in the session: {@code POST item=rope} puts something in, in place if the basket is
 * there, GET shows it, DELETE ends the session. Each POST and GET also sends the basket through
 * Redis by the application's own libraries, and says where the classes named by the parameters
 * {@code class} are from. Every result is a line: {@code basket -> [rope]}.
 */
public final class BasketServlet extends HttpServlet {

  private static final long serialVersionUID = 1L;

  private transient Archive archive;

  @Override
  public void init() {
    archive = new Archive(System.getenv("ARCHIVE_REDIS_URI"));
  }

  @Override
  public void destroy() {
    archive.close();
  }

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    HttpSession session = request.getSession();
    if (session.getAttribute("basket") == null) {
      session.setAttribute("basket", new Basket());
    }
    basketIn(session).getItems().add(request.getParameter("item"));
    show(session, request, response);
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    HttpSession session = request.getSession(false);
    if (session == null) {
      print(response, Map.of("session", "none"));
    } else {
      show(session, request, response);
    }
  }

  @Override
  protected void doDelete(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    request.getSession().invalidate();
    print(response, Map.of("session", "invalidated"));
  }

  private void show(HttpSession session, HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    Basket basket = basketIn(session);
    archive.put(session.getId(), basket);
    Map<String, String> results = new TreeMap<>();
    results.put("session", session.getId());
    results.put("new", String.valueOf(session.isNew()));
    results.put("basket", basket.getItems().toString());
    results.put("archived", archive.get(session.getId()).getItems().toString());
    results.put("jar of the session", jarOf(session.getClass()));
    results.put("versions of Netty", Version.identify().values().toString());
    String[] names = request.getParameterValues("class");
    for (String name : names == null ? new String[0] : names) {
      results.put("jar of " + name, jarOf(named(name)));
    }
    print(response, results);
  }

  private static Basket basketIn(HttpSession session) {
    return (Basket) session.getAttribute("basket");
  }

  private static Class<?> named(String name) throws ServletException {
    try {
      return Class.forName(name);
    } catch (ClassNotFoundException e) {
      throw new ServletException(e);
    }
  }

  private static String jarOf(Class<?> type) {
    URL location = type.getProtectionDomain().getCodeSource().getLocation();
    return location.getPath();
  }

  private static void print(HttpServletResponse response, Map<String, String> results)
      throws IOException {
    response.setContentType("text/plain;charset=UTF-8");
    PrintWriter out = response.getWriter();
    results.forEach((name, value) -> out.println(name + " -> " + value));
  }
}
