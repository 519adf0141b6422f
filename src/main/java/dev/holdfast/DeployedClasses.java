package dev.holdfast;

import dev.holdfast.codec.ClassOrigins;
import jakarta.servlet.ServletContext;
import java.net.MalformedURLException;
import java.net.URL;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells the application's own classes from those of its libraries by asking the container, so that
 * classes that a development server mounts from elsewhere (an IDE, {@code jetty:run}) count as the
 * application's too. Where the application lies on the class path of the JVM, with an embedded
 * server, it asks {@link LaunchedClasses}.
 */
final class DeployedClasses implements ClassOrigins {
  private static final String CLASSES = "/WEB-INF/classes/";
  private static final String LIBRARIES = "/WEB-INF/lib/";

  private final ServletContext context;
  private final @Nullable LaunchedClasses launched;

  DeployedClasses(ServletContext context) {
    this.context = context;
    this.launched = LaunchedClasses.ofThisJvm();
  }

  @Override
  public Origin of(String resource, URL location) {
    String text = location.toString();
    if (text.contains(CLASSES) || isDeployed(resource, text)) {
      return Origin.APPLICATION;
    }
    if (text.contains(LIBRARIES)) {
      return Origin.LIBRARY;
    }
    return launched == null ? Origin.ELSEWHERE : launched.of(resource, location);
  }

  private boolean isDeployed(String resource, String location) {
    try {
      URL deployed = context.getResource(CLASSES + resource);
      return deployed != null && deployed.toString().equals(location);
    } catch (MalformedURLException e) {
      return false;
    }
  }

  @Override
  public boolean hasApplicationPackage(String path) {
    Set<String> entries = context.getResourcePaths(CLASSES + path);
    return (entries != null && !entries.isEmpty())
        || (launched != null && launched.hasApplicationPackage(path));
  }

  @Override
  public String describe() {
    return launched == null ? ClassOrigins.super.describe() : launched.describe();
  }
}
