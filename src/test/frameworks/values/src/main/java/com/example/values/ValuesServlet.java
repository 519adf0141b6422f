package com.example.values;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;

/**
 * Sets values and tells, value by value, whether they are what they were made as, or what Java
 * serialization makes of that, as a container does when it starts anew.
 */
@WebServlet({"/set", "/get"})
public class ValuesServlet extends HttpServlet {

  private static final long serialVersionUID = 1L;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    HttpSession session = request.getSession();
    PrintWriter out = response.getWriter();
    String of = request.getParameter("of");
    for (String name : Values.names()) {
      if (of == null || List.of(of.split(",")).contains(name.split("\\.")[0])) {
        out.println(name + " " + (isSetting(request) ? set(session, name) : get(session, name)));
      }
    }
  }

  private static boolean isSetting(HttpServletRequest request) {
    return request.getServletPath().equals("/set");
  }

  private static String set(HttpSession session, String name) {
    try {
      session.setAttribute(name, Values.of(name));
      return "set";
    } catch (Exception e) {
      return "failed: " + e;
    }
  }

  private static String get(HttpSession session, String name) {
    try {
      Object value = session.getAttribute(name);
      Object made = Values.of(name);
      String is = description(value);
      if (is.equals(description(made)) || is.equals(description(restarted(made)))) {
        return "kept";
      }
      return "is " + is + ", was " + description(made);
    } catch (Exception e) {
      return "failed: " + e;
    }
  }

  /** Class, text, and what Java serialization sees of it. */
  private static String description(Object value) throws IOException {
    if (value == null) {
      return "null";
    }
    if (value instanceof Throwable failure) {
      return failure + (failure.getCause() == null ? "" : " by " + description(failure.getCause()));
    }
    String text = value.toString().replaceAll("@[0-9a-f]{3,}", "@");
    return value.getClass().getName() + " " + text + " " + Arrays.hashCode(serialized(value));
  }

  private static Object restarted(Object value) throws IOException, ClassNotFoundException {
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(serialized(value))) {
          @Override
          protected Class<?> resolveClass(ObjectStreamClass description)
              throws ClassNotFoundException {
            return Class.forName(description.getName(), false, loader);
          }
        }) {
      return in.readObject();
    }
  }

  private static byte[] serialized(Object value) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(value);
    }
    return bytes.toByteArray();
  }
}
