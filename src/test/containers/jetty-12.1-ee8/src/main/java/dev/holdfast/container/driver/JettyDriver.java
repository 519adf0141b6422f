package dev.holdfast.container.driver;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.jetty.ee8.webapp.WebAppContext;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.security.HashLoginService;
import org.eclipse.jetty.security.UserStore;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandlerCollection;
import org.eclipse.jetty.session.FileSessionDataStoreFactory;
import org.eclipse.jetty.util.security.Credential;

/** Jetty with Servlet 4.0, deploying WARs as its standalone form does. */
public final class JettyDriver implements Driver {

  private final Server server = new Server();
  private final ContextHandlerCollection contexts = new ContextHandlerCollection();

  /** By context path as given; Jetty's core knows only what stands for them. */
  private final Map<String, WebAppContext> deployed = new HashMap<>();

  @Override
  public int start(Path directory, Map<String, Path> wars) throws Exception {
    HttpConfiguration http = new HttpConfiguration();
    ServerConnector connector =
        new ServerConnector(
            server, new HttpConnectionFactory(http), new HTTP2CServerConnectionFactory(http));
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.setTempDirectory(directory.toFile());
    UserStore users = new UserStore();
    USERS.forEach(
        (user, password) ->
            users.addUser(user, Credential.getCredential(password), ROLES.get(user)));
    HashLoginService login = new HashLoginService(REALM);
    login.setUserStore(users);
    server.addBean(login);
    if (Boolean.getBoolean(SESSION_FILES)) {
      FileSessionDataStoreFactory files = new FileSessionDataStoreFactory();
      files.setStoreDir(directory.resolve("sessions").toFile());
      server.addBean(files);
    }
    server.setHandler(contexts);
    for (Map.Entry<String, Path> war : wars.entrySet()) {
      add(context(war.getKey(), war.getValue().toString()), war.getKey());
    }
    server.start();
    return connector.getLocalPort();
  }

  private void add(WebAppContext context, String contextPath) {
    contexts.addHandler(context);
    deployed.put(contextPath, context);
  }

  private static WebAppContext context(String contextPath, String war) {
    WebAppContext context = new WebAppContext();
    if (contextPath.startsWith("//")) {
      int path = contextPath.indexOf('/', 2);
      context.setVirtualHosts(new String[] {contextPath.substring(2, path)});
      context.setContextPath(contextPath.substring(path));
    } else {
      context.setContextPath(contextPath.isEmpty() ? "/" : contextPath);
    }
    context.setWar(war);
    context.setCrossContextDispatchSupported(true);
    context.setThrowUnavailableOnStartupException(true);
    return context;
  }

  @Override
  public void redeploy(String contextPath) throws Exception {
    WebAppContext old = deployed.get(contextPath);
    if (old == null) {
      throw new IllegalArgumentException("nothing is deployed at " + contextPath);
    }
    contexts.removeHandler(old.get());
    old.stop();
    old.destroy();
    WebAppContext next = context(contextPath, old.getWar());
    add(next, contextPath);
    next.get().start();
  }

  @Override
  public String[] leaks() {
    return new String[0];
  }

  @Override
  public void stop() throws Exception {
    server.stop();
  }
}
