package com.example.before;

import org.springframework.session.web.context.AbstractHttpSessionApplicationInitializer;

/** Puts Spring Session's filter in front of the application. */
public class SessionInitializer extends AbstractHttpSessionApplicationInitializer {
  public SessionInitializer() {
    super(SessionConfiguration.class);
  }
}
