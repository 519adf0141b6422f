package dev.holdfast.container.app.listening;

import dev.holdfast.container.app.Events;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.SessionScoped;
import jakarta.enterprise.inject.spi.CDI;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebListener;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** An application of CDI whose state is in beans of the session. */
public final class Scoped {
  private Scoped() {}

  /** In the session. */
  @SessionScoped
  public static class Basket implements Serializable {
    private static final long serialVersionUID = 1L;

    private final List<String> items = new ArrayList<>();

    @Inject private Prices prices;

    @PostConstruct
    void made() {
      Events.record("basket made");
    }

    @PreDestroy
    void ended() {
      Events.record("basket with " + items + " ended");
    }

    public void add(String item) {
      items.add(item);
    }

    public String show() {
      return items + " for " + prices.of(items.size());
    }
  }

  /** Injected into what is in the session. */
  @ApplicationScoped
  public static class Prices {
    public int of(int items) {
      return items * 3;
    }
  }

  /** Made by the container, injected by CDI. */
  @WebListener
  public static class Listener implements HttpSessionListener {
    @Inject private Prices prices;

    /** Jetty injects only with a module of its own. */
    @Override
    public void sessionCreated(HttpSessionEvent event) {
      Events.record("listener: " + (prices == null ? "not injected" : prices.of(1)));
    }
  }

  /** {@code add=x} adds, {@code end} invalidates, {@code leave} leaves the basket alone. */
  @WebServlet("/basket")
  public static class BasketServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      if (request.getParameter("leave") != null) {
        response.getWriter().print("left alone");
        return;
      }
      HttpServletRequest injected = CDI.current().select(HttpServletRequest.class).get();
      if (request.getParameter("session") != null) {
        response.getWriter().print(id(request) + " " + id(injected));
        return;
      }
      Basket basket = CDI.current().select(Basket.class).get();
      if (request.getParameter("add") != null) {
        basket.add(request.getParameter("add"));
      }
      response.getWriter().print(basket.show());
      if (request.getParameter("end") != null) {
        request.getSession().invalidate();
      }
    }

    private static String id(HttpServletRequest request) {
      HttpSession session = request.getSession(false);
      return session == null ? "none" : session.getId();
    }
  }
}
