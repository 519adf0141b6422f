package dev.holdfast.preflight;

import dev.holdfast.preflight.WarClass.Trait;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The listeners of sessions and of requests. */
final class Listeners {
  private static final List<String> SESSION_KINDS =
      List.of("HttpSessionListener", "HttpSessionAttributeListener", "HttpSessionIdListener");

  /** Listeners that an instance of the container's own cannot be told from, if made twice. */
  private static final List<String> OTHER_KINDS =
      List.of(
          "ServletContextListener",
          "ServletContextAttributeListener",
          "ServletRequestListener",
          "ServletRequestAttributeListener");

  private static final String FOUND_ON =
      "Tomcat, TomEE, Jetty, Undertow, WildFly, Open Liberty, Payara and GlassFish";

  private Listeners() {}

  static List<Finding> of(Application app) {
    List<Finding> findings = new ArrayList<>();
    Set<String> declared = app.declaredListeners();
    List<String> called = new ArrayList<>();
    Set<String> toName = new TreeSet<>();
    for (WarClass type : app.classes().all()) {
      boolean inXml = declared.contains(type.dotted());
      boolean annotated = type.has(Trait.WEB_LISTENER) && !app.webXml().metadataComplete();
      if (!inXml && !type.own() && !annotated) {
        continue;
      }
      List<String> kinds = kinds(app, type, SESSION_KINDS);
      if (!kinds.isEmpty() && !type.isAbstract()) {
        String how =
            inXml ? "declared" : annotated ? "annotated" : "neither declared nor annotated";
        called.add(type.dotted() + " (" + String.join(", ", kinds) + ", " + how + ")");
        if (!inXml || !kinds(app, type, OTHER_KINDS).isEmpty()) {
          toName.add(type.dotted());
        }
      }
      requestListener(app, type, inXml || annotated, findings);
    }
    if (!called.isEmpty()) {
      findings.add(
          Finding.ok(
              "session listeners",
              String.join("; ", called)
                  + ". Holdfast calls the container's own instances of those that are registered,"
                  + " by a descriptor, an annotation or addListener, on "
                  + FOUND_ON
                  + "."));
      if (!toName.isEmpty()) {
        findings.add(
            Finding.note(
                "session listeners elsewhere",
                "on any other container only those are called that web.xml declares and that are"
                    + " nothing but session listeners.",
                "On such a container set HOLDFAST_LISTENERS=" + String.join(",", toName)));
      }
    }
    values(app, findings);
    if (app.webXml().metadataComplete() && !app.own(Trait.WEB_LISTENER).isEmpty()) {
      findings.add(
          Finding.note(
              "metadata-complete",
              "web.xml says so, so the container ignores @WebListener on "
                  + ServletLevel.names(app.own(Trait.WEB_LISTENER))
                  + ", as before.",
              ""));
    }
    return findings;
  }

  private static List<String> kinds(Application app, WarClass type, List<String> kinds) {
    return kinds.stream()
        .filter(
            kind ->
                app.classes()
                    .isA(
                        type, kind.startsWith("Http") ? "servlet/http/" + kind : "servlet/" + kind))
        .toList();
  }

  private static void requestListener(
      Application app, WarClass type, boolean registered, List<Finding> findings) {
    boolean listens = app.classes().isA(type, "servlet/ServletRequestListener");
    if (listens && type.has(Trait.GETS_SESSION) && (registered || type.own())) {
      findings.add(
          Finding.warning(
              type.dotted(),
              "is a ServletRequestListener that names getSession: it runs before any filter, so that"
                  + " session is one of the container, on this node only, and not the one that the"
                  + " application sees.",
              "Move what it does with the session into a filter behind ours."));
    }
  }

  /** Values that are told of themselves. */
  private static void values(Application app, List<Finding> findings) {
    List<WarClass> values =
        app.classes()
            .which(
                type ->
                    type.own()
                        && (app.classes().isA(type, "servlet/http/HttpSessionBindingListener")
                            || app.classes()
                                .isA(type, "servlet/http/HttpSessionActivationListener")));
    if (!values.isEmpty()) {
      findings.add(
          Finding.ok(
              "binding and activation listeners",
              ServletLevel.names(values)
                  + ": called as in a container. valueUnbound comes once, on one node, also after a"
                  + " time-out; what must not outlive a node belongs into a transient field."));
    }
  }
}
