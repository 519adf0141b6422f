package dev.holdfast.container;

import dev.holdfast.text.Loggers;
import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.xml.stream.XMLStreamException;

/**
 * What Tomcat adds to the web.xml of every application: its own {@code conf/web.xml}, and the
 * {@code web.xml.default} of a host. Tomcat puts the filters from there behind those of the
 * application, and says of none where it was declared; so the files are read here.
 */
public final class ServerDescriptor {
  private static final Logger LOG = Loggers.of(ServerDescriptor.class);

  private ServerDescriptor() {}

  /** Names of the filters of a class that are declared there; none on other servers. */
  public static Set<String> filters(ServletContext context, String className) {
    Set<String> names = new HashSet<>();
    String base = System.getProperty("catalina.base");
    if (base != null) {
      Path conf = Path.of(base, "conf");
      // Engine and host, which are folders there.
      String host = Answers.or(context::getVirtualServerName, "");
      for (Path file :
          List.of(conf.resolve("web.xml"), conf.resolve(host).resolve("web.xml.default"))) {
        filters(file)
            .forEach(
                (name, filter) -> {
                  if (filter.className().equals(className)) {
                    names.add(name);
                  }
                });
      }
    }
    return names;
  }

  private static Map<String, DeclaredFilter> filters(Path file) {
    if (!Files.isRegularFile(file)) {
      return Map.of();
    }
    try (InputStream in = Files.newInputStream(file)) {
      return DeploymentDescriptor.parse(in).filters();
    } catch (IOException | XMLStreamException e) {
      LOG.log(
          Level.WARNING,
          file
              + " cannot be read. A filter of Holdfast that it declares counts as one of each"
              + " application, and comes after the filters in their web.xml.",
          e);
      return Map.of();
    }
  }
}
