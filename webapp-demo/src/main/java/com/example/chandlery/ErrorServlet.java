package com.example.chandlery;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Says what went wrong and what to do, without asking for the session: it may be what went wrong.
 */
public final class ErrorServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (request.getDispatcherType() != DispatcherType.ERROR) {
      response.setStatus(HttpServletResponse.SC_NOT_FOUND);
      page(request, response, HttpServletResponse.SC_NOT_FOUND, "");
      return;
    }
    Object status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
    Object message = request.getAttribute(RequestDispatcher.ERROR_MESSAGE);
    page(
        request,
        response,
        status instanceof Integer code ? code : HttpServletResponse.SC_INTERNAL_SERVER_ERROR,
        message instanceof String text ? text : "");
  }

  private static void page(
      HttpServletRequest request, HttpServletResponse response, int status, String message)
      throws IOException {
    String base = request.getContextPath();
    String title;
    String text;
    switch (status) {
      case HttpServletResponse.SC_SERVICE_UNAVAILABLE -> {
        title = "One moment, please";
        text =
            "The place where sessions are kept does not answer just now. You are not logged out and"
                + " nothing that was confirmed is lost; only what you have just sent did not"
                + " arrive.";
      }
      case HttpServletResponse.SC_CONFLICT -> {
        title = "That did not fit";
        text = "Your session changed at another place at the same time, or the cart is full.";
      }
      case HttpServletResponse.SC_BAD_REQUEST -> {
        title = "We did not understand that";
        text = message;
      }
      case HttpServletResponse.SC_NOT_FOUND -> {
        title = "Nothing here";
        text = "There is no such page in this shop.";
      }
      case HttpServletResponse.SC_METHOD_NOT_ALLOWED -> {
        title = "Not that way";
        text = "This address takes what a form sends and cannot be opened as a page.";
      }
      default -> {
        title = "Something broke";
        text = "The error is in the log of this node.";
      }
    }
    Page.writePrivate(
        request,
        response,
        title,
        """
        <h1><span class="status">%d</span> %s</h1>
        <p class="lead">%s</p>
        <p class="actions"><a class="button" href="%s/dashboard">%s</a>
        <a class="button quiet" href="%s/">Front page</a></p>
        """
            .formatted(
                status,
                Text.html(title),
                Text.html(text),
                base,
                status == HttpServletResponse.SC_SERVICE_UNAVAILABLE ? "Try again" : "Dashboard",
                base));
  }
}
