package dev.holdfast.preflight;

import dev.holdfast.preflight.WarClass.Trait;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What web.xml and the descriptors of servers say. */
final class DescriptorChecks {
  private static final String FRAGMENT = "dev_holdfast";
  private static final Set<String> DISPATCHERS =
      Set.of("REQUEST", "FORWARD", "INCLUDE", "ERROR", "ASYNC");

  static final String FILTER_XML =
      """
      <filter>
        <filter-name>holdfast</filter-name>
        <filter-class>dev.holdfast.HoldfastFilter</filter-class>
        <async-supported>true</async-supported>
      </filter>
      <filter-mapping>
        <filter-name>holdfast</filter-name>
        <url-pattern>/*</url-pattern>
        <dispatcher>REQUEST</dispatcher>
        <dispatcher>FORWARD</dispatcher>
        <dispatcher>INCLUDE</dispatcher>
        <dispatcher>ERROR</dispatcher>
        <dispatcher>ASYNC</dispatcher>
      </filter-mapping>
      """;

  private final Application app;
  private final WebXml xml;
  private final List<Finding> findings = new ArrayList<>();

  DescriptorChecks(Application app) {
    this.app = app;
    this.xml = app.webXml();
  }

  /** Whether the container would skip the jar, so that web.xml has to declare the filter. */
  boolean needsFilter() {
    return xml.hasAbsoluteOrdering()
        && !xml.absoluteOrdering().contains("<others/>")
        && !xml.absoluteOrdering().contains(FRAGMENT)
        && xml.filters().stream().noneMatch(DescriptorChecks::isOurs);
  }

  private static boolean isOurs(WebXml.Filter filter) {
    return filter.className().equals(Application.FILTER);
  }

  List<Finding> check() {
    ordering();
    filters();
    if (xml.distributable()) {
      findings.add(
          Finding.note(
              "<distributable/>",
              "setAttribute refuses a value that cannot be stored, with an"
                  + " IllegalArgumentException, instead of keeping it on its node"
                  + " (unserializable=refuse).",
              "Take <distributable/> out, if such values should stay on their node."));
    }
    formLogin();
    sessionConfig();
    cookie();
    servers();
    containerClasses();
    return findings;
  }

  private void ordering() {
    List<String> ordering = xml.absoluteOrdering();
    if (needsFilter()) {
      findings.add(
          Finding.blocker(
              "<absolute-ordering>",
              "names the jars that the container may use, and ours is not among them: it would"
                  + " ignore the jar, and sessions would stay in the container without a word.",
              "Add <name>"
                  + FRAGMENT
                  + "</name> as the first one. Or declare the filter in web.xml, as below, if no code"
                  + " adds filters before those of web.xml, as Spring Security does."));
    } else if (xml.hasAbsoluteOrdering()
        && !ordering.contains(FRAGMENT)
        && !ordering.contains("<others/>")) {
      findings.add(
          Finding.note(
              "<absolute-ordering>",
              "our filter is where web.xml has it: a filter that code adds before all others, as"
                  + " Spring Security does, comes before it and gets the container's session.",
              "Add <name>" + FRAGMENT + "</name> as the first one and take the filter out."));
    } else if (xml.hasAbsoluteOrdering()
        && !ordering.isEmpty()
        && !ordering.get(0).equals(FRAGMENT)
        && xml.filters().stream().noneMatch(DescriptorChecks::isOurs)) {
      findings.add(
          Finding.note(
              "<absolute-ordering>",
              "the initializers of "
                  + ordering.get(0)
                  + " run before ours; a filter that they put before all others is then before ours.",
              "Add <name>" + FRAGMENT + "</name> as the first one."));
    }
  }

  private void filters() {
    List<WebXml.Filter> ours = xml.filters().stream().filter(DescriptorChecks::isOurs).toList();
    if (ours.size() > 1) {
      findings.add(
          Finding.blocker(
              "<filter>",
              "web.xml declares " + Application.FILTER + " more than once, which stops the start.",
              "Keep one <filter> and give it all mappings."));
    }
    if (ours.size() != 1) {
      nameTaken(ours);
      return;
    }
    WebXml.Filter filter = ours.get(0);
    Set<String> dispatchers = new HashSet<>();
    boolean everything = false;
    for (WebXml.Mapping mapping : xml.mappings()) {
      if (mapping.filter().equals(filter.name())) {
        dispatchers.addAll(mapping.dispatchers());
        everything |= mapping.patterns().contains("/*");
      }
    }
    String first = xml.mappings().isEmpty() ? "" : xml.mappings().get(0).filter();
    if (!everything) {
      findings.add(
          Finding.warning(
              "<filter-mapping>",
              "the filter is not mapped to /*: other pages have the container's session.",
              "Map it to /*."));
    }
    if (!dispatchers.containsAll(DISPATCHERS)) {
      findings.add(
          Finding.warning(
              "<filter-mapping>",
              "the filter is not mapped for all five dispatchers: a forward, an error page or an"
                  + " asynchronous part may see the container's session.",
              "Give it REQUEST, FORWARD, INCLUDE, ERROR and ASYNC."));
    }
    if (!filter.asyncSupported()) {
      findings.add(
          Finding.warning(
              "<async-supported>",
              "the filter is declared without it: startAsync() fails on every request.",
              "Add <async-supported>true</async-supported> to it."));
    }
    if (!first.equals(filter.name())) {
      findings.add(
          Finding.warning(
              "<filter-mapping>",
              "the filter " + first + " comes before ours and sees the container's session.",
              "Move our mapping before all others."));
    }
  }

  private void nameTaken(List<WebXml.Filter> ours) {
    boolean taken =
        ours.isEmpty()
            && xml.filters().stream().anyMatch(filter -> filter.name().equals("holdfast"));
    if (taken) {
      findings.add(
          Finding.blocker(
              "<filter>",
              "a filter named 'holdfast' is declared that is not " + Application.FILTER + ".",
              "Rename it, or declare ours in web.xml under another name."));
    } else if (ours.isEmpty() && !needsFilter() && !xml.filters().isEmpty()) {
      findings.add(
          Finding.ok(
              "filters",
              "ours is added before the "
                  + xml.filters().size()
                  + " that web.xml declares, on all dispatchers, with async support."));
    }
  }

  private void formLogin() {
    if (xml.text("login-config/auth-method").equalsIgnoreCase("FORM")) {
      findings.add(
          Finding.note(
              "FORM login",
              "the container keeps the login in a session of its own, which lives and dies with"
                  + " ours. On Tomcat and Jetty it holds on every node; other containers ask again for"
                  + " pages under a <security-constraint> on another node. The login page, its post"
                  + " and the saved request need the same node.",
              "With more than one node: a sticky balancer, at least until the login is over."));
    }
  }

  private void sessionConfig() {
    String timeout = xml.text("session-config/session-timeout");
    if (timeout.matches("0|-\\d+")) {
      findings.add(
          Finding.warning(
              "<session-timeout>",
              timeout + ": sessions never time out, so they stay in Redis for ever.",
              "Give a time-out, or bound them by HOLDFAST_ABSOLUTE_TIMEOUT."));
    }
    if (xml.text("session-config/tracking-mode").equals("URL")) {
      findings.add(
          Finding.note(
              "<tracking-mode>",
              "URL: ids stand in URLs, where logs and the Referer header carry them on.",
              "Use COOKIE."));
    }
    if (xml.text("cookie-config/http-only").equals("false")) {
      findings.add(
          Finding.note("<http-only>", "false has no effect: our cookie is always HttpOnly.", ""));
    }
  }

  private void cookie() {
    String name = xml.text("cookie-config/name").toLowerCase(Locale.ROOT);
    String path = xml.text("cookie-config/path");
    String domain = xml.text("cookie-config/domain");
    String secure = app.settings().getOrDefault("cookie.secure", "always");
    boolean isHost = domain.isEmpty() && (path.isEmpty() || path.equals("/"));
    if (name.startsWith("__host-") && !isHost) {
      findings.add(
          Finding.blocker(
              "<cookie-config>",
              "the name "
                  + name
                  + " needs Path=/ and no Domain; else browsers drop the cookie, so"
                  + " Holdfast does not start.",
              "Take path and domain out, or choose another name."));
    }
    boolean none =
        xml.text("attribute/attribute-name").equalsIgnoreCase("SameSite")
            && xml.text("attribute/attribute-value").equalsIgnoreCase("None");
    if (none && !secure.equals("always")) {
      findings.add(
          Finding.blocker(
              "<cookie-config>",
              "SameSite=None needs Secure; with cookie.secure="
                  + secure
                  + " Holdfast does not"
                  + " start.",
              "Set cookie.secure=always, or SameSite=Lax."));
    }
  }

  private void servers() {
    app.descriptors()
        .forEach(
            (path, text) -> {
              if (path.equals("META-INF/context.xml") && text.contains("<Manager")) {
                findings.add(
                    Finding.note(
                        path,
                        "configures a <Manager> of Tomcat, which has no sessions of the application"
                            + " to keep any more.",
                        "Take it out."));
              } else if (path.equals("WEB-INF/distributable-web.xml")
                  || text.contains("session-descriptor")
                  || text.contains("session-manager")
                  || text.contains("SessionHandler")
                  || text.contains("session-properties")) {
                findings.add(
                    Finding.note(
                        path,
                        "configures the sessions of its server, which no longer holds those of the"
                            + " application. Holdfast reads cookie and time-out from <session-config>"
                            + " in web.xml.",
                        "Move there what has to hold."));
              }
            });
  }

  private void containerClasses() {
    List<WarClass> users = app.own(Trait.CONTAINER_SESSION);
    if (!users.isEmpty()) {
      findings.add(
          Finding.warning(
              "session classes of a container",
              ServletLevel.names(users)
                  + " name session classes of a container. HttpSession is then ours: a cast to those"
                  + " fails, and what they list are not these sessions.",
              "Use HttpSession, and dev.holdfast.api.Sessions to list or end sessions."));
    }
    List<WarClass> scoped = app.own(Trait.SESSION_SCOPED);
    if (!scoped.isEmpty()) {
      findings.add(
          Finding.note(
              "@SessionScoped",
              ServletLevel.names(scoped)
                  + ": with Weld these beans live in this session, with other CDI implementations on"
                  + " the node that made them; the start-up report says which.",
              ""));
    }
    List<WarClass> attributes = app.own(Trait.SESSION_ATTRIBUTES);
    if (!attributes.isEmpty()) {
      findings.add(
          Finding.note(
              "@SessionAttributes",
              ServletLevel.names(attributes)
                  + ": the model attributes named there become session attributes; their classes are"
                  + " not followed here.",
              "Let them be Serializable."));
    }
  }
}
