package dev.holdfast.container.driver;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.ee10.webapp.WebAppContext;
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

/** Jetty with Servlet 6.0, deploying WARs as its standalone form does. */
public final class JettyDriver implements Driver {

  private final Server server = new Server();
  private final ContextHandlerCollection contexts = new ContextHandlerCollection();

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
    server.setHandler(contexts);
    if (Boolean.getBoolean(SESSION_FILES)) {
      FileSessionDataStoreFactory files = new FileSessionDataStoreFactory();
      files.setStoreDir(directory.resolve("sessions").toFile());
      server.addBean(files);
    }
    for (Map.Entry<String, Path> war : wars.entrySet()) {
      contexts.addHandler(context(war.getKey(), war.getValue().toString()));
    }
    server.start();
    return connector.getLocalPort();
  }

  private static WebAppContext context(String contextPath, String war) {
    WebAppContext context = new WebAppContext();
    if (contextPath.startsWith("//")) {
      int path = contextPath.indexOf('/', 2);
      context.setVirtualHosts(List.of(contextPath.substring(2, path)));
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
    for (WebAppContext old : contexts.getDescendants(WebAppContext.class)) {
      if (old.getContextPath().equals(contextPath.isEmpty() ? "/" : contextPath)) {
        contexts.removeHandler(old);
        old.stop();
        old.destroy();
        WebAppContext next = context(contextPath, old.getWar());
        contexts.addHandler(next);
        next.start();
        return;
      }
    }
    throw new IllegalArgumentException("nothing is deployed at " + contextPath);
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
