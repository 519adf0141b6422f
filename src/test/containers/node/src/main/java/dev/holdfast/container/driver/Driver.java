package dev.holdfast.container.driver;

import java.nio.file.Path;
import java.util.Map;

/** What a family of containers does differently. Found by ServiceLoader. */
public interface Driver {

  /** Who can log in: user name to password; roles are {@link #ROLES}. */
  Map<String, String> USERS = Map.of("alice", "wonderland", "root", "toor");

  /** User name to the names of his roles. */
  Map<String, String[]> ROLES =
      Map.of("alice", new String[] {"user"}, "root", new String[] {"user", "admin"});

  /**
   * The system property that has Jetty write its sessions to files, so that they outlive a reload.
   */
  String SESSION_FILES = "driver.session-files";

  /** As a web.xml's {@code <realm-name>} names it. */
  String REALM = "holdfast-test";

  /**
   * Starts a container on a free port of the loopback interface.
   *
   * @param directory empty, for the container's own files
   * @param wars context path to a WAR, a file or a directory, in the order to deploy; {@code
   *     //name/path} stands for that path of a virtual host of that name
   * @return the port
   * @throws Exception if a WAR was not deployed
   */
  int start(Path directory, Map<String, Path> wars) throws Exception;

  /**
   * Undeploys an application, listeners and filters destroyed, and deploys the same WAR anew.
   *
   * @param contextPath as given to {@link #start}
   * @throws Exception if it was not deployed
   */
  void redeploy(String contextPath) throws Exception;

  /**
   * Stops an application and starts it again from the same directory, whose content may have
   * changed. The container keeps its own sessions where it is configured to: Tomcat by the WAR's
   * {@code META-INF/context.xml}, Jetty by the system property {@value #SESSION_FILES}.
   *
   * @param contextPath as given to {@link #start}
   * @throws Exception if it was not deployed
   */
  default void reload(String contextPath) throws Exception {
    redeploy(contextPath);
  }

  /** Context paths of applications that went and whose classes stay; collects garbage first. */
  String[] leaks();

  /** Undeploys all and stops. */
  void stop() throws Exception;
}
