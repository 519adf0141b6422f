package dev.holdfast.preflight;

import dev.holdfast.preflight.Finding.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What is known of the libraries of a WAR: the frameworks of the page {@code frameworks.md}, other
 * keepers of sessions, and copies of Holdfast itself.
 */
final class Libraries {
  private static final String STICKY = "Send each user to one node (a sticky balancer).";
  private static final String KEY =
      "Configure an encryption key (HOLDFAST_ENCRYPTION_KEYS, with encryption=required).";
  private static final String CAS =
      "the assertion is kept; its map for single logout is in the memory of one node";
  private static final String CAS_REMEDY =
      "For single logout with more than one node: a sticky balancer.";
  private static final Pattern OURS = Pattern.compile("holdfast-[0-9].*\\.jar");

  /**
   * A framework and what was seen of it.
   *
   * @param marker a class that only it has
   * @param covers prefixes of its classes, which the note speaks for
   */
  private record Known(
      String name,
      String marker,
      List<String> covers,
      Severity severity,
      String note,
      String remedy) {}

  private static final List<Known> FRAMEWORKS =
      List.of(
          new Known(
              "Spring Security",
              "org/springframework/security/web/FilterChainProxy",
              List.of("org/springframework/security/"),
              Severity.OK,
              "user, roles, CSRF token and saved request are kept, also with OAuth 2, OIDC and SAML",
              ""),
          new Known(
              "Spring MVC",
              "org/springframework/web/servlet/DispatcherServlet",
              List.of("org/springframework/web/"),
              Severity.NOTE,
              "flash attributes and @SessionAttributes are kept, if values and forms are"
                  + " Serializable. Without a key a flash attribute with a BindingResult stays on its"
                  + " node. Session-scoped beans are kept; those behind a proxy of @Transactional,"
                  + " @Async or an injected singleton stay on their node",
              ""),
          new Known(
              "Spring Web Flow",
              "org/springframework/webflow/execution/FlowExecution",
              List.of("org/springframework/webflow/"),
              Severity.WARNING,
              "without a key its conversations stay on their node: their snapshots hold bytes that it"
                  + " reads itself, with no list of classes",
              KEY),
          new Known(
              "Struts 2 and later",
              "org/apache/struts2/dispatcher/Dispatcher",
              List.of("org/apache/struts2/", "com/opensymphony/xwork2/"),
              Severity.NOTE,
              "scope, message store and tokens are kept; execAndWait and the second submission with"
                  + " tokenSession need the node that runs them, on any container",
              "If the application uses either: a sticky balancer."),
          new Known(
              "Struts 1",
              "org/apache/struts/action/ActionServlet",
              List.of("org/apache/struts/"),
              Severity.WARNING,
              "without a key a DynaActionForm in the session stays on its node; messages and"
                  + " Serializable forms of your own are kept",
              KEY),
          new Known(
              "Wicket",
              "org/apache/wicket/protocol/http/WicketFilter",
              List.of("org/apache/wicket/"),
              Severity.NOTE,
              "its session is kept; pages are in memory and in files of their node, on any container:"
                  + " when the node dies, a page begins anew",
              STICKY),
          new Known(
              "Shiro",
              "org/apache/shiro/web/servlet/ShiroFilter",
              List.of("org/apache/shiro/"),
              Severity.OK,
              "login, saved request, roles, runAs and logout are kept",
              ""),
          new Known(
              "pac4j",
              "org/pac4j/core/profile/CommonProfile",
              List.of("org/pac4j/"),
              Severity.OK,
              "profiles and what a login asks for are kept",
              ""),
          new Known(
              "CAS client",
              "org/apereo/cas/client/authentication/AuthenticationFilter",
              List.of("org/apereo/cas/client/"),
              Severity.NOTE,
              CAS,
              CAS_REMEDY),
          new Known(
              "CAS client 3",
              "org/jasig/cas/client/authentication/AuthenticationFilter",
              List.of("org/jasig/cas/client/"),
              Severity.NOTE,
              CAS,
              CAS_REMEDY),
          new Known(
              "JavaMelody",
              "net/bull/javamelody/MonitoringFilter",
              List.of("net/bull/javamelody/"),
              Severity.OK,
              "works; its pages show the node that is asked",
              ""),
          new Known(
              "Mojarra (JSF)",
              "com/sun/faces/RIConstants",
              List.of("com/sun/faces/", "jakarta/faces/", "javax/faces/", "org/primefaces/"),
              Severity.WARNING,
              "without a key view state and flash stay on their node",
              KEY
                  + " With CDI by Weld in the WAR set the context-param"
                  + " org.jboss.weld.environment.servlet.archive.isolation to false; for the flash"
                  + " set com.sun.faces.enableDistributable and the env-entry faces/FlashSecretKey."),
          new Known(
              "MyFaces (JSF)",
              "org/apache/myfaces/webapp/StartupServletContextListener",
              List.of("org/apache/myfaces/", "jakarta/faces/", "javax/faces/", "org/primefaces/"),
              Severity.WARNING,
              "without a key view state stays on its node",
              KEY
                  + " With the state in the page give all nodes the same org.apache.myfaces.SECRET"
                  + " and MAC_SECRET."),
          new Known(
              "Tapestry",
              "org/apache/tapestry5/TapestryFilter",
              List.of("org/apache/tapestry5/"),
              Severity.NOTE,
              "works",
              "Give all nodes the same tapestry.hmac-passphrase."),
          new Known(
              "Camunda",
              "org/camunda/bpm/webapp/impl/security/auth/AuthenticationFilter",
              List.of("org/camunda/"),
              Severity.OK,
              "its web application works",
              ""),
          new Known(
              "Vaadin",
              "com/vaadin/flow/server/VaadinSession",
              List.of("com/vaadin/"),
              Severity.WARNING,
              "its pages are locked on one node: the session stays there, with a key as well",
              STICKY + " attributes.local keeps Vaadin's own session out of Redis."),
          new Known(
              "ZK",
              "org/zkoss/zk/ui/http/DHtmlLayoutServlet",
              List.of("org/zkoss/"),
              Severity.WARNING,
              "its session is not Serializable: it stays on its node, with a key as well",
              STICKY),
          new Known(
              "OWASP CSRFGuard",
              "org/owasp/csrfguard/CsrfGuardFilter",
              List.of("org/owasp/csrfguard/"),
              Severity.WARNING,
              "its tokens are in the memory of one node, by session id: with more than one node, or"
                  + " after a login that changes the id, it refuses forms",
              STICKY),
          new Known(
              "GWT remote calls",
              "com/google/gwt/user/server/rpc/RemoteServiceServlet",
              List.of("com/google/gwt/"),
              Severity.NOTE,
              "works; XSRF tokens are made of the session cookie",
              "If it uses XSRF tokens: name the cookie in <cookie-config> as in"
                  + " gwt.xsrf.session_cookie_name."),
          new Known(
              "Weld (CDI)",
              "org/jboss/weld/environment/servlet/Listener",
              List.of("org/jboss/weld/"),
              Severity.NOTE,
              "@SessionScoped and @ConversationScoped beans live in this session; without a key most"
                  + " of them stay on their node",
              KEY
                  + " Set the context-param org.jboss.weld.environment.servlet.archive.isolation to"
                  + " false: else nodes may name session beans differently."),
          new Known(
              "OpenWebBeans (CDI)",
              "org/apache/webbeans/servlet/WebBeansConfigurationListener",
              List.of("org/apache/webbeans/"),
              Severity.WARNING,
              "it takes the session of @SessionScoped beans before any filter runs: they stay in the"
                  + " container's session, on their node",
              STICKY + " Or keep in attributes of the session what has to last."));

  /** Others that replace or store sessions. */
  private static final Map<String, String> KEEPERS =
      Map.of(
          "Spring Session",
          "org/springframework/session/web/http/SessionRepositoryFilter",
          "Redisson's Tomcat manager",
          "org/redisson/tomcat/RedissonSessionManager",
          "memcached-session-manager",
          "de/javakaffee/web/msm/MemcachedSessionService",
          "Hazelcast's session filter",
          "com/hazelcast/web/WebFilter",
          "Coherence*Web",
          "com/tangosol/coherence/servlet/SessionHelper");

  private Libraries() {}

  /** Whether the file name is that of one of our jars. */
  static boolean isHoldfast(String path) {
    return OURS.matcher(path.substring(path.lastIndexOf('/') + 1)).matches();
  }

  /** Whether a class belongs to a framework whose note says what it keeps. */
  static boolean isCovered(String className) {
    return className.startsWith("dev/holdfast/")
        || FRAMEWORKS.stream()
            .flatMap(framework -> framework.covers().stream())
            .anyMatch(className::startsWith);
  }

  static List<Finding> of(Application app) {
    List<Finding> findings = new ArrayList<>();
    for (Known framework : FRAMEWORKS) {
      if (app.classes().has(framework.marker())) {
        findings.add(
            new Finding(
                framework.severity(),
                framework.name(),
                framework.note() + ".",
                framework.remedy()));
      }
    }
    KEEPERS.forEach(
        (name, marker) -> {
          if (app.classes().has(marker)) {
            findings.add(
                Finding.warning(
                    name,
                    "is in the WAR and keeps sessions itself: of two such filters the inner one"
                        + " wins, and the other's work is for nothing.",
                    "Take it out, with its configuration."));
          }
        });
    ourselves(app, findings);
    return findings;
  }

  private static void ourselves(Application app, List<Finding> findings) {
    ServletApi api = ServletLevel.apiOf(app);
    List<String> ours = app.jars().stream().filter(Libraries::isHoldfast).toList();
    if (ours.size() > 1) {
      findings.add(
          Finding.blocker(
              "holdfast",
              "is in the WAR more than once: " + String.join(", ", ours),
              "Leave one of them."));
    } else if (ours.size() == 1) {
      String jar = ours.get(0);
      findings.add(ofOurs(app, api, jar));
      boolean thin = !app.classes().has("dev/holdfast/lib/io/lettuce/core/RedisClient");
      boolean complete =
          app.classes().has("io/lettuce/core/RedisClient")
              && app.classes().has("io/netty/buffer/ByteBuf")
              && app.classes().has("com/esotericsoftware/kryo/kryo5/Kryo")
              && app.classes().has("com/github/benmanes/caffeine/cache/Caffeine");
      if (thin && !complete) {
        findings.add(
            Finding.blocker(
                "holdfast",
                jar
                    + " needs Lettuce, Netty, Kryo 5 and Caffeine beside it, and not all are there.",
                "Take " + api.jar() + " instead, which brings its own, relocated."));
      } else if (thin) {
        mismatch(app, findings, "lettuce-core-", 7);
        mismatch(app, findings, "netty-transport-", 4);
      }
    } else {
      findings.add(
          Finding.note(
              "holdfast", "is not in the WAR yet.", "Put " + api.jar() + " into WEB-INF/lib."));
    }
  }

  /** The wrong one of our two is not started by any server that can run the application. */
  private static Finding ofOurs(Application app, ServletApi api, String jar) {
    WarClass start = app.classes().get("dev/holdfast/HoldfastInitializer");
    return start == null || start.has(WarClass.Trait.of(api))
        ? Finding.ok("holdfast", jar + " is in the WAR.")
        : Finding.blocker(
            "holdfast",
            jar
                + " is for "
                + api.other().title()
                + ", and the application for "
                + api.title()
                + ": where the one starts, the other does not.",
            "Take " + api.jar() + " instead.");
  }

  private static void mismatch(
      Application app, List<Finding> findings, String prefix, int expected) {
    for (String jar : app.jars()) {
      String file = jar.substring(jar.lastIndexOf('/') + 1);
      boolean versioned =
          file.startsWith(prefix) && Character.isDigit(file.charAt(prefix.length()));
      if (versioned && !file.startsWith(prefix + expected + ".")) {
        findings.add(
            Finding.blocker(
                "holdfast",
                "would use " + jar + ", which is not the line that it is made for.",
                "Take holdfast-<version>-all.jar instead, which brings its own, relocated."));
      }
    }
  }
}
