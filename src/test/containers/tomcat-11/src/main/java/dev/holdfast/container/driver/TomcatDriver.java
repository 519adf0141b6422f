package dev.holdfast.container.driver;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardHost;
import org.apache.catalina.startup.Tomcat;
import org.apache.coyote.http2.Http2Protocol;

/** Tomcat, deploying WARs as its standalone form does. */
public final class TomcatDriver implements Driver {

  private final Tomcat tomcat = new Tomcat();

  @Override
  public int start(Path directory, Map<String, Path> wars) throws Exception {
    Files.createDirectories(directory.resolve("webapps"));
    tomcat.setBaseDir(directory.toString());
    tomcat.enableNaming();
    Connector connector = new Connector("HTTP/1.1");
    connector.setPort(0);
    connector.setProperty("address", "127.0.0.1");
    connector.addUpgradeProtocol(new Http2Protocol());
    tomcat.setConnector(connector);
    String ajpPort = System.getProperty("holdfast.test.ajp.port");
    if (ajpPort != null) {
      tomcat.getService().addConnector(ajp(Integer.parseInt(ajpPort)));
    }
    USERS.forEach(tomcat::addUser);
    ROLES.forEach(
        (user, roles) -> {
          for (String role : roles) {
            tomcat.addRole(user, role);
          }
        });
    // Makes the default host, which is the first of the engine's.
    tomcat.getHost();
    Map<String, Context> contexts = new LinkedHashMap<>();
    for (Map.Entry<String, Path> war : wars.entrySet()) {
      Context context = deploy(war.getKey(), war.getValue().toString());
      context.setCrossContext(true);
      contexts.put(war.getKey(), context);
    }
    tomcat.start();
    for (Map.Entry<String, Context> context : contexts.entrySet()) {
      if (!context.getValue().getState().isAvailable()) {
        throw new IllegalStateException(
            "Tomcat did not deploy \"" + context.getKey() + "\", see its log above");
      }
    }
    return connector.getLocalPort();
  }

  /** For a balancer that speaks AJP. */
  private static Connector ajp(int port) {
    Connector connector = new Connector("AJP/1.3");
    connector.setPort(port);
    connector.setProperty("address", "127.0.0.1");
    connector.setProperty("secret", System.getProperty("holdfast.test.ajp.secret"));
    return connector;
  }

  private Context deploy(String contextPath, String war) {
    if (!contextPath.startsWith("//")) {
      return tomcat.addWebapp(contextPath, war);
    }
    String name = contextPath.substring(2, contextPath.indexOf('/', 2));
    StandardHost host = (StandardHost) tomcat.getEngine().findChild(name);
    if (host == null) {
      host = new StandardHost();
      host.setName(name);
      tomcat.getEngine().addChild(host);
    }
    return tomcat.addWebapp(host, contextPath.substring(2 + name.length()), war);
  }

  @Override
  public void redeploy(String contextPath) {
    Context old = (Context) tomcat.getHost().findChild(contextPath);
    String war = old.getDocBase();
    tomcat.getHost().removeChild(old);
    Context next = tomcat.addWebapp(contextPath, war);
    next.setCrossContext(true);
    if (!next.getState().isAvailable()) {
      throw new IllegalStateException("Tomcat did not deploy " + contextPath + " again");
    }
  }

  @Override
  public void reload(String contextPath) {
    Context context = (Context) tomcat.getHost().findChild(contextPath);
    context.reload();
    if (!context.getState().isAvailable()) {
      throw new IllegalStateException("Tomcat did not start " + contextPath + " again");
    }
  }

  @Override
  public String[] leaks() {
    return ((StandardHost) tomcat.getHost()).findReloadedContextMemoryLeaks();
  }

  @Override
  public void stop() throws Exception {
    tomcat.stop();
    tomcat.destroy();
  }
}
