package com.example.orders;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.hibernate.Hibernate;

/**
 * Keeps an order in the session while its form is filled in: read in one session of Hibernate,
 * changed without one, and saved in another.
 */
@WebServlet({"/open", "/peek", "/change", "/show", "/merge", "/update"})
public class OrderServlet extends HttpServlet {

  private static final long serialVersionUID = 1L;

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    HttpSession session = request.getSession();
    Order kept = (Order) session.getAttribute("order");
    String text =
        switch (request.getServletPath()) {
          case "/open" -> {
            Order order = open(Long.valueOf(request.getParameter("id")));
            session.setAttribute("order", order);
            yield description(order);
          }
          case "/peek" -> {
            Order order = peek(Long.valueOf(request.getParameter("id")));
            session.setAttribute("order", order);
            yield description(order);
          }
          case "/change" -> {
            change(kept, request);
            session.setAttribute("order", kept);
            yield description(kept);
          }
          case "/merge", "/update" -> {
            Long id = kept.getId();
            save(kept, request.getServletPath());
            session.removeAttribute("order");
            yield "saved " + description(open(id));
          }
          default -> description(kept);
        };
    response.setContentType("text/plain;charset=UTF-8");
    response.getWriter().println(text);
  }

  /** With all that it leads to. Its customer is a proxy, which Hibernate has loaded. */
  private static Order open(Long id) {
    return Database.with(
        hibernate -> {
          Order order = hibernate.find(Order.class, id);
          Stream.of(
                  order.getCustomer(),
                  order.getLines(),
                  order.getLabels(),
                  order.getSteps(),
                  order.getAddresses(),
                  order.getCodes(),
                  order.getPrices())
              .forEach(Hibernate::initialize);
          return order;
        });
  }

  /** Without: its customer is a proxy that knows the id only, its collections are empty shells. */
  private static Order peek(Long id) {
    return Database.with(hibernate -> hibernate.find(Order.class, id));
  }

  private static void change(Order order, HttpServletRequest request) {
    if (request.getParameter("note") != null) {
      order.setNote(request.getParameter("note"));
    }
    if (request.getParameter("article") != null) {
      order.add(request.getParameter("article"));
    }
    if (request.getParameter("label") != null) {
      order.getLabels().add(new Label(request.getParameter("label")));
    }
    if (request.getParameter("home") != null) {
      order.getAddresses().put("home", request.getParameter("home"));
    }
    if (request.getParameter("remove") != null) {
      order.removeFirstLine();
    }
  }

  /** In place, which needs what Hibernate's collections remember of the database; or by a copy. */
  @SuppressWarnings({"deprecation", "removal"})
  private static void save(Order order, String how) {
    Database.inTransaction(
        hibernate -> {
          if (how.equals("/update")) {
            hibernate.update(order);
          } else {
            hibernate.merge(order);
          }
        });
  }

  private static String description(Order order) {
    if (!Hibernate.isInitialized(order.getLines())) {
      return "lines not loaded, customer "
          + order.getCustomer().getId()
          + (Hibernate.isInitialized(order.getCustomer()) ? " loaded" : " not loaded");
    }
    return String.join(
        " ",
        "version " + order.getVersion(),
        "note [" + order.getNote() + "]",
        "customer [" + order.getCustomer().getName() + "]",
        "lines "
            + order.getLines().stream()
                .map(line -> line.getArticle() + (line.getOrder() == order ? "" : " of another"))
                .toList(),
        "labels "
            + order.getLabels().stream().map(Label::getName).sorted().collect(Collectors.toList()),
        "steps " + order.getSteps(),
        "addresses " + new TreeMap<>(order.getAddresses()),
        "codes " + order.getCodes(),
        "prices " + order.getPrices());
  }
}
