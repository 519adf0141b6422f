package com.example.portal;

import org.springframework.security.web.context.AbstractSecurityWebApplicationInitializer;

/** Has the container load Spring and put its security filter in front of the servlets. */
public class PortalInitializer extends AbstractSecurityWebApplicationInitializer {

  public PortalInitializer() {
    super(SecurityConfiguration.class);
  }
}
