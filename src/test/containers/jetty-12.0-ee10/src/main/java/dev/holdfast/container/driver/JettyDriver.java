package dev.holdfast.container.driver;

import java.nio.file.Path;
import java.util.Map;
import org.eclipse.jetty.ee10.webapp.WebAppContext;
import org.eclipse.jetty.security.HashLoginService;
import org.eclipse.jetty.security.UserStore;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandlerCollection;
import org.eclipse.jetty.util.security.Credential;

/** Jetty with Servlet 6.0, deploying WARs as its standalone form does. */
public final class JettyDriver implements Driver {

  private final Server server = new Server();

  @Override
  public int start(Path directory, Map<String, Path> wars) throws Exception {
    ServerConnector connector = new ServerConnector(server);
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
    ContextHandlerCollection contexts = new ContextHandlerCollection();
    server.setHandler(contexts);
    for (Map.Entry<String, Path> war : wars.entrySet()) {
      WebAppContext context = new WebAppContext();
      context.setContextPath(war.getKey().isEmpty() ? "/" : war.getKey());
      context.setWar(war.getValue().toString());
      context.setCrossContextDispatchSupported(true);
      context.setThrowUnavailableOnStartupException(true);
      contexts.addHandler(context);
    }
    server.start();
    return connector.getLocalPort();
  }

  @Override
  public void stop() throws Exception {
    server.stop();
  }
}
