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
  private static final String CONVERT =
      " Or convert it for a newer server with Apache's migration tool"
          + " (org.apache.tomcat:jakartaee-migration: java -jar jakartaee-migration-shaded.jar"
          + " app.war app-jakarta.war); then take "
          + ServletApi.JAKARTA.jar()
          + ".";

  private ServletLevel() {}

  /** The API that the application is written for; what names none runs with either. */
  static ServletApi apiOf(Application app) {
    if (!inClasses(app, Trait.JAKARTA).isEmpty()) {
      return ServletApi.JAKARTA;
    }
    boolean javax =
        !inClasses(app, Trait.JAVAX).isEmpty()
            || (jars(app, ServletApi.JAKARTA).isEmpty() && !jars(app, ServletApi.JAVAX).isEmpty());
    return javax ? ServletApi.JAVAX : ServletApi.JAKARTA;
  }

  static List<Finding> of(Application app) {
    List<Finding> findings = new ArrayList<>();
    ServletApi api = apiOf(app);
    List<WarClass> javax = inClasses(app, Trait.JAVAX);
    if (api == ServletApi.JAVAX) {
      findings.add(
          Finding.note(
              api.title(),
              "the application is written for it: "
                  + (javax.isEmpty() ? String.join(", ", jars(app, api).keySet()) : names(javax))
                  + ".",
              "Take " + api.jar() + " and deploy on " + api.servers() + "." + CONVERT));
    } else {
      boolean none = inClasses(app, Trait.JAKARTA).isEmpty() && jars(app, api).isEmpty();
      findings.add(
          Finding.ok(
              api.title(),
              none
                  ? "no class names the Servlet API."
                  : "the application is written for " + api.title() + "."));
      if (!javax.isEmpty()) {
        findings.add(
            Finding.warning(
                api.other().title(),
                "some classes of the application still use it, which no server with "
                    + api.title()
                    + " has: "
                    + names(javax)
                    + ". They cannot be loaded.",
                "Convert them with Apache's migration tool"
                    + " (org.apache.tomcat:jakartaee-migration)."));
      }
    }
    jars(app, api.other()).forEach((jar, classes) -> findings.add(ofJar(jar, classes, api)));
    List<WarClass> removed =
        app.classes()
            .which(
                type ->
                    type.own()
                        && type.has(Trait.REMOVED_METHODS)
                        && (type.has(Trait.JAVAX) || type.has(Trait.JAKARTA)));
    if (!removed.isEmpty() && api == ServletApi.JAKARTA) {
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
  private static Finding ofJar(String jar, int classes, ServletApi api) {
    String other = api.other().title();
    return classes <= OPTIONAL
        ? Finding.note(
            jar,
            "has "
                + classes
                + (classes == 1 ? " class" : " classes")
                + " for "
                + other
                + ", which no server with "
                + api.title()
                + " has; probably an optional part.",
            "")
        : Finding.warning(
            jar,
            "has "
                + classes
                + " classes for "
                + other
                + ", which no server with "
                + api.title()
                + " has, and none for "
                + api.title()
                + ". What of them meets a request fails.",
            api == ServletApi.JAKARTA
                ? "Take the version that is made for Jakarta, or convert it with Apache's migration"
                    + " tool."
                : "Take an older version, made for javax.");
  }

  /** Jars with classes that name this API and none that names the other, and how many. */
  private static Map<String, Integer> jars(Application app, ServletApi api) {
    Map<String, Integer> jars = new TreeMap<>();
    Set<String> others = new TreeSet<>();
    for (WarClass type : app.classes().all()) {
      if (type.place().equals(WarClass.CLASSES)) {
        continue;
      }
      if (type.has(Trait.of(api))) {
        jars.merge(fileName(type.place()), 1, Integer::sum);
      }
      boolean itself = type.name().startsWith(api.path());
      if (type.has(Trait.of(api.other())) || itself || Libraries.isHoldfast(type.place())) {
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
