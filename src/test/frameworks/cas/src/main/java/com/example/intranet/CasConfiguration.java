package com.example.intranet;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.annotation.WebListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumSet;
import java.util.Map;
import org.apereo.cas.client.authentication.AuthenticationFilter;
import org.apereo.cas.client.session.SingleSignOutFilter;
import org.apereo.cas.client.session.SingleSignOutHttpSessionListener;
import org.apereo.cas.client.util.HttpServletRequestWrapperFilter;
import org.apereo.cas.client.validation.Cas20ProxyReceivingTicketValidationFilter;

/** The filters of the documentation, in its order. */
@WebListener
public class CasConfiguration implements ServletContextListener {
  private TicketServer server;

  @Override
  public void contextInitialized(ServletContextEvent event) {
    try {
      server = new TicketServer();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    ServletContext context = event.getServletContext();
    context.addListener(SingleSignOutHttpSessionListener.class);
    String service = "http://intranet.example.com";
    add(
        context,
        "/*",
        SingleSignOutFilter.class,
        Map.of("casServerUrlPrefix", server.url(), "ignoreInitConfiguration", "false"));
    add(
        context,
        "/private/*",
        AuthenticationFilter.class,
        Map.of("casServerLoginUrl", "https://cas.example.com/login", "serverName", service));
    add(
        context,
        "/*",
        Cas20ProxyReceivingTicketValidationFilter.class,
        Map.of("casServerUrlPrefix", server.url(), "serverName", service));
    add(context, "/*", HttpServletRequestWrapperFilter.class, Map.of("roleAttribute", "group"));
  }

  private static void add(
      ServletContext context,
      String pattern,
      Class<? extends Filter> type,
      Map<String, String> parameters) {
    FilterRegistration.Dynamic filter = context.addFilter(type.getSimpleName(), type);
    filter.setInitParameters(parameters);
    filter.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), true, pattern);
  }

  @Override
  public void contextDestroyed(ServletContextEvent event) {
    server.stop();
  }
}
