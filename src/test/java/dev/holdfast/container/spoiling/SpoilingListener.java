package dev.holdfast.container.spoiling;

import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;

/** Runs after the settings have been checked, and says of the cookie what no browser takes. */
public final class SpoilingListener implements ServletContextListener {
  @Override
  public void contextInitialized(ServletContextEvent event) {
    System.out.println("THE APPLICATION RUNS");
    event.getServletContext().getSessionCookieConfig().setName("__Secure-sid");
  }
}
