package dev.holdfast.container;

import jakarta.servlet.ServletContext;
import jakarta.servlet.SessionTrackingMode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * The few things in web.xml that the Servlet API does not tell: which roles are declared, and which
 * values are written there and not defaults of the container.
 *
 * @param roles all names of {@code <security-role>} and {@code <auth-constraint>}
 * @param trackingModes as written, upper case
 * @param cookie its {@code <cookie-config>}
 * @param sessionTimeout in minutes, 30 when it names none
 * @param distributable whether {@code <distributable/>} stands there
 * @param listeners class names of all {@code <listener>}s, in order
 * @param filters all {@code <filter>}s, by name
 */
public record DeploymentDescriptor(
    Set<String> roles,
    Set<String> trackingModes,
    DeclaredCookie cookie,
    int sessionTimeout,
    boolean distributable,
    List<String> listeners,
    Map<String, DeclaredFilter> filters) {

  private static final int DEFAULT_TIMEOUT = 30;

  private static final DeploymentDescriptor NONE =
      new DeploymentDescriptor(
          Set.of(), Set.of(), DeclaredCookie.NONE, DEFAULT_TIMEOUT, false, List.of(), Map.of());

  public DeploymentDescriptor {
    listeners = List.copyOf(listeners);
    filters = Map.copyOf(filters);
  }

  /**
   * Reads /WEB-INF/web.xml; without one nothing is declared.
   *
   * @throws IllegalStateException when it is not well-formed
   */
  public static DeploymentDescriptor read(ServletContext context) {
    try (InputStream in = context.getResourceAsStream("/WEB-INF/web.xml")) {
      return in == null ? NONE : parse(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (XMLStreamException e) {
      throw new IllegalStateException("/WEB-INF/web.xml cannot be read: " + e.getMessage(), e);
    }
  }

  static DeploymentDescriptor parse(InputStream in) throws XMLStreamException {
    // The JDK's own parser: a WAR may carry an old one. Nothing outside the file is read.
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    Set<String> roles = new LinkedHashSet<>();
    Set<String> trackingModes = new LinkedHashSet<>();
    Map<String, String> cookie = new HashMap<>();
    Map<String, String> attributes = new LinkedHashMap<>();
    String attributeName = "";
    int sessionTimeout = DEFAULT_TIMEOUT;
    boolean distributable = false;
    List<String> listeners = new ArrayList<>();
    Map<String, DeclaredFilter> filters = new HashMap<>();
    String filterName = "";
    String filterClass = "";
    String paramName = "";
    Set<String> initParams = new HashSet<>();
    XMLStreamReader reader = factory.createXMLStreamReader(in);
    Deque<String> path = new ArrayDeque<>();
    StringBuilder text = new StringBuilder();
    while (reader.hasNext()) {
      switch (reader.next()) {
        case XMLStreamConstants.START_ELEMENT -> {
          path.push(reader.getLocalName());
          text.setLength(0);
        }
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA ->
            text.append(reader.getText());
        case XMLStreamConstants.END_ELEMENT -> {
          String element = path.pop();
          String parent = path.isEmpty() ? "" : path.peek();
          String value = text.toString().strip();
          switch (parent + "/" + element) {
            case "security-role/role-name", "auth-constraint/role-name" -> roles.add(value);
            case "session-config/tracking-mode" -> trackingModes.add(value);
            case "session-config/session-timeout" -> sessionTimeout = minutes(value);
            case "cookie-config/name",
                "cookie-config/path",
                "cookie-config/domain",
                "cookie-config/max-age",
                "cookie-config/secure",
                "cookie-config/http-only" ->
                cookie.put(element, value);
            case "attribute/attribute-name" -> attributeName = value;
            case "attribute/attribute-value" -> attributes.put(attributeName, value);
            case "web-app/distributable" -> distributable = true;
            case "listener/listener-class" -> listeners.add(value);
            case "filter/filter-name" -> filterName = value;
            case "filter/filter-class" -> filterClass = value;
            case "init-param/param-name" -> paramName = value;
            case "filter/init-param" -> initParams.add(paramName);
            case "web-app/filter" -> {
              filters.put(filterName, new DeclaredFilter(filterClass, initParams));
              initParams.clear();
            }
            default -> {}
          }
          text.setLength(0);
        }
        default -> {}
      }
    }
    roles.remove("*");
    roles.remove("**");
    return new DeploymentDescriptor(
        roles,
        trackingModes,
        DeclaredCookie.of(cookie, attributes),
        sessionTimeout,
        distributable,
        listeners,
        filters);
  }

  private static int minutes(String value) {
    return value.matches("-?\\d{1,9}") ? Integer.parseInt(value) : DEFAULT_TIMEOUT;
  }

  /** The tracking modes as written, for a container that does not tell them; COOKIE if none is. */
  public Set<SessionTrackingMode> declaredModes() {
    Set<SessionTrackingMode> modes = EnumSet.noneOf(SessionTrackingMode.class);
    for (SessionTrackingMode mode : SessionTrackingMode.values()) {
      if (trackingModes.contains(mode.name())) {
        modes.add(mode);
      }
    }
    return modes.isEmpty() ? Set.of(SessionTrackingMode.COOKIE) : modes;
  }
}
