package dev.holdfast.preflight;

import dev.holdfast.preflight.WarClass.Trait;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Whether the WAR is written for {@code javax.servlet} or for {@code jakarta.servlet}. */
final class ServletLevel {
  private static final String JAKARTA_XML = "https://jakarta.ee/xml/ns/jakartaee";
  private static final int SHOWN = 5;
  private static final int OPTIONAL = 3;
  private static final String MIGRATE =
      "Convert the WAR with Apache's migration tool (org.apache.tomcat:jakartaee-migration: java"
          + " -jar jakartaee-migration-shaded.jar app.war app-jakarta.war) and deploy it on Tomcat"
          + " 10.1 or newer, or another server of Servlet 6.";

  private ServletLevel() {}

  static List<Finding> of(Application app) {
    List<Finding> findings = new ArrayList<>();
    List<WarClass> javax = inClasses(app, Trait.JAVAX);
    List<WarClass> jakarta = inClasses(app, Trait.JAKARTA);
    Map<String, Integer> javaxJars = jars(app, Trait.JAVAX, Trait.JAKARTA);
    Set<String> jakartaJars = jars(app, Trait.JAKARTA, Trait.JAVAX).keySet();
    boolean nothingJakarta = jakarta.isEmpty() && jakartaJars.isEmpty();
    if (!javax.isEmpty() && jakarta.isEmpty()) {
      findings.add(
          Finding.blocker(
              "javax.servlet",
              javax.size()
                  + " classes of the application use javax.servlet: "
                  + names(javax)
                  + ". Holdfast and its containers speak jakarta.servlet.",
              MIGRATE));
    } else if (nothingJakarta && !javaxJars.isEmpty()) {
      findings.add(
          Finding.blocker(
              "javax.servlet",
              "its libraries use javax.servlet only: "
                  + String.join(", ", javaxJars.keySet())
                  + ". Holdfast and its containers speak jakarta.servlet.",
              MIGRATE));
    } else {
      findings.add(
          Finding.ok(
              "jakarta.servlet",
              nothingJakarta
                  ? "no class names the Servlet API."
                  : "the application is written for jakarta.servlet."));
      if (!javax.isEmpty()) {
        findings.add(
            Finding.warning(
                "javax.servlet",
                "some classes of the application still use it, which no server with jakarta.servlet"
                    + " has: "
                    + names(javax)
                    + ". They cannot be loaded.",
                MIGRATE));
      }
      javaxJars.forEach((jar, classes) -> findings.add(ofJar(jar, classes)));
    }
    List<WarClass> removed =
        app.classes()
            .which(
                type ->
                    type.own()
                        && type.has(Trait.REMOVED_METHODS)
                        && (type.has(Trait.JAVAX) || type.has(Trait.JAKARTA)));
    if (!removed.isEmpty()) {
      findings.add(
          Finding.note(
              "removed methods",
              names(removed)
                  + " seem to call putValue, removeValue, getValueNames or getSessionContext of"
                  + " HttpSession, which Servlet 6.0 has removed.",
              "Call setAttribute, removeAttribute and getAttributeNames."));
    }
    String namespace = app.webXml().namespace();
    if (app.hasWebXml() && !namespace.equals(JAKARTA_XML) && javax.isEmpty()) {
      findings.add(
          Finding.note(
              "web.xml",
              "is written for "
                  + (app.webXml().version().isEmpty()
                      ? "Servlet 2.3 or older"
                      : "Servlet " + app.webXml().version())
                  + "; Tomcat, Jetty and others read it all the same.",
              ""));
    }
    return findings;
  }

  static String names(List<WarClass> classes) {
    List<String> names =
        classes.stream().limit(SHOWN).map(WarClass::dotted).collect(Collectors.toList());
    if (classes.size() > SHOWN) {
      names.add((classes.size() - SHOWN) + " more");
    }
    return String.join(", ", names);
  }

  private static List<WarClass> inClasses(Application app, Trait trait) {
    return app.classes().which(type -> type.place().equals(WarClass.CLASSES) && type.has(trait));
  }

  /** Many libraries have a class or two for an environment that may not be there. */
  private static Finding ofJar(String jar, int classes) {
    return classes <= OPTIONAL
        ? Finding.note(
            jar,
            "has "
                + classes
                + (classes == 1 ? " class" : " classes")
                + " for javax.servlet, which no server with jakarta.servlet has; probably an"
                + " optional part.",
            "")
        : Finding.warning(
            jar,
            "has "
                + classes
                + " classes for javax.servlet, which no server with jakarta.servlet has, and none"
                + " for jakarta.servlet. What of them meets a request fails.",
            "Take the version that is made for Jakarta, or convert it with Apache's migration"
                + " tool.");
  }

  /**
   * Jars with classes that name the one API and none that names the other, and how many; not the
   * API itself.
   */
  private static Map<String, Integer> jars(Application app, Trait one, Trait other) {
    Map<String, Integer> jars = new TreeMap<>();
    Set<String> others = new TreeSet<>();
    for (WarClass type : app.classes().all()) {
      if (type.place().equals(WarClass.CLASSES)) {
        continue;
      }
      if (type.has(one)) {
        jars.merge(fileName(type.place()), 1, Integer::sum);
      }
      boolean api = type.name().startsWith("javax/servlet/");
      if (type.has(other) || api || Libraries.isHoldfast(type.place())) {
        others.add(fileName(type.place()));
      }
    }
    jars.keySet().removeAll(others);
    return jars;
  }

  private static String fileName(String place) {
    return place.substring(place.lastIndexOf('/') + 1);
  }
}
