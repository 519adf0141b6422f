package dev.holdfast.benchmark.spring;

import org.springframework.session.web.context.AbstractHttpSessionApplicationInitializer;

/** Puts Spring Session's filter in front of the application. */
public class Initializer extends AbstractHttpSessionApplicationInitializer {
  /** For the container. */
  public Initializer() {
    super(Config.class);
  }
}
