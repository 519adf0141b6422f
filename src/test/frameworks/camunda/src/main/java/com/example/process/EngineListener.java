package com.example.process;

import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.annotation.WebListener;
import org.camunda.bpm.container.RuntimeContainerDelegate;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.authorization.Groups;
import org.camunda.bpm.engine.identity.User;
import org.camunda.bpm.engine.impl.cfg.StandaloneInMemProcessEngineConfiguration;

/** Runs the process engine in this application, with one administrator. */
@WebListener
public class EngineListener implements ServletContextListener {

  private ProcessEngine engine;

  @Override
  public void contextInitialized(ServletContextEvent event) {
    StandaloneInMemProcessEngineConfiguration configuration =
        new StandaloneInMemProcessEngineConfiguration();
    configuration.setProcessEngineName("default");
    configuration.setJobExecutorActivate(false);
    engine = configuration.buildProcessEngine();
    var identities = engine.getIdentityService();
    User ada = identities.newUser("ada");
    ada.setFirstName("Ada");
    ada.setLastName("Byron");
    ada.setPassword("secret");
    identities.saveUser(ada);
    identities.saveGroup(identities.newGroup(Groups.CAMUNDA_ADMIN));
    identities.createMembership("ada", Groups.CAMUNDA_ADMIN);
    RuntimeContainerDelegate.INSTANCE.get().registerProcessEngine(engine);
  }

  @Override
  public void contextDestroyed(ServletContextEvent event) {
    RuntimeContainerDelegate.INSTANCE.get().unregisterProcessEngine(engine);
    engine.close();
  }
}
