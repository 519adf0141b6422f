package dev.holdfast.preflight;

import dev.holdfast.preflight.WarClass.Trait;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.stream.XMLStreamException;

/**
 * What was read of a WAR.
 *
 * @param war stays open while classes may have to be loaded
 * @param jars file names in WEB-INF/lib by path in the WAR
 * @param fragments those of its jars that have one, by path of the jar
 * @param beans classes of {@code <jsp:useBean scope="session">}, by the page and the bean's name
 * @param descriptors of servers and their kin, by path
 * @param settings of ours that the WAR brings, by name
 * @param troubles what could not be read
 */
record Application(
    WarFile war,
    WarClasses classes,
    List<String> jars,
    WebXml webXml,
    boolean hasWebXml,
    Map<String, WebXml> fragments,
    Map<String, String> beans,
    Map<String, String> descriptors,
    Map<String, String> settings,
    List<Finding> troubles) {

  private static final String PREFIX = "holdfast.";
  static final String FILTER = "dev.holdfast.HoldfastFilter";
  private static final String CLASSES = WarClass.CLASSES + "/";
  private static final String LIB = "WEB-INF/lib/";

  private static final Set<String> DESCRIPTORS =
      Set.of(
          "META-INF/context.xml",
          "WEB-INF/jetty-web.xml",
          "WEB-INF/jetty-env.xml",
          "WEB-INF/weblogic.xml",
          "WEB-INF/ibm-web-ext.xml",
          "WEB-INF/ibm-web-ext.xmi",
          "WEB-INF/jboss-web.xml",
          "WEB-INF/distributable-web.xml",
          "WEB-INF/glassfish-web.xml",
          "WEB-INF/sun-web.xml",
          "WEB-INF/payara-web.xml");

  private static final Pattern USE_BEAN = Pattern.compile("<jsp:useBean\\b([^>]{1,2000})>");
  private static final Pattern ATTRIBUTE =
      Pattern.compile("\\b(id|class|type|scope)\\s*=\\s*[\"']([^\"']{0,500})[\"']");

  /**
   * Reads everything. What is damaged becomes a finding; the rest is read all the same.
   *
   * @throws IOException when the WAR as a whole is beyond the limits or unreadable
   */
  static Application read(WarFile war) throws IOException {
    Reading reading = new Reading(war);
    reading.classes();
    reading.libraries();
    reading.files();
    return reading.result();
  }

  /** All listeners that web.xml and the fragments declare. */
  Set<String> declaredListeners() {
    Set<String> declared = new HashSet<>(webXml.listeners());
    fragments.values().forEach(fragment -> declared.addAll(fragment.listeners()));
    return declared;
  }

  private static final class Reading {
    private final WarFile war;
    private final WarClasses classes = new WarClasses();
    private final List<String> jars = new ArrayList<>();
    private final Map<String, WebXml> fragments = new LinkedHashMap<>();
    private final Map<String, String> beans = new LinkedHashMap<>();
    private final Map<String, String> descriptors = new LinkedHashMap<>();
    private final Map<String, String> settings = new LinkedHashMap<>();
    private final List<Finding> troubles = new ArrayList<>();

    /** The first two packages of what is in WEB-INF/classes, as {@code com/acme/}. */
    private final Set<String> ownPackages = new HashSet<>();

    private WebXml webXml = WebXml.NONE;
    private boolean hasWebXml;

    Reading(WarFile war) {
      this.war = war;
    }

    private static boolean isClass(String name) {
      return name.endsWith(".class")
          && !name.endsWith("module-info.class")
          && !name.endsWith("package-info.class")
          && !name.startsWith("META-INF/");
    }

    void classes() throws IOException {
      for (String name : war.names()) {
        if (name.startsWith(CLASSES) && isClass(name.substring(CLASSES.length()))) {
          try {
            WarClass type = WarClass.read(war.read(name), WarClass.CLASSES, true);
            classes.add(type);
            ownPackages.add(firstTwo(type.name()));
          } catch (WarFile.TooLargeException e) {
            throw e;
          } catch (IOException | IllegalArgumentException e) {
            trouble(name, e);
          }
        }
      }
      ownPackages.remove("");
    }

    private static String firstTwo(String name) {
      int first = name.indexOf('/');
      int second = first < 0 ? -1 : name.indexOf('/', first + 1);
      return second < 0 ? "" : name.substring(0, second + 1);
    }

    private void trouble(String name, Exception e) {
      troubles.add(
          Finding.warning(
              name,
              "cannot be read, so nothing is said of it: " + e.getMessage(),
              "Build the WAR again; a server may fail on the same file."));
    }

    void libraries() throws IOException {
      for (String jar : war.names()) {
        if (!jar.startsWith(LIB) || !jar.endsWith(".jar")) {
          continue;
        }
        jars.add(jar);
        try {
          war.readJar(
              jar,
              (name, in) -> {
                if (isClass(name)) {
                  libraryClass(jar, name, war.bytes(in, jar + "!/" + name));
                } else if (name.equals("META-INF/web-fragment.xml")) {
                  fragment(jar, war.bytes(in, jar + "!/" + name));
                }
              });
        } catch (WarFile.TooLargeException e) {
          throw e;
        } catch (IOException | IllegalArgumentException e) {
          trouble(jar, e);
        }
      }
    }

    private void libraryClass(String jar, String name, byte[] bytes) {
      try {
        classes.add(WarClass.read(bytes, jar, ownPackages.contains(firstTwo(name))));
      } catch (IllegalArgumentException e) {
        trouble(jar + "!/" + name, e);
      }
    }

    private void fragment(String jar, byte[] bytes) {
      try {
        fragments.put(jar, WebXml.parse(bytes));
      } catch (XMLStreamException e) {
        trouble(jar + "!/META-INF/web-fragment.xml", e);
      }
    }

    void files() throws IOException {
      for (String name : war.names()) {
        try {
          if (name.equals("WEB-INF/web.xml")) {
            hasWebXml = true;
            webXml = WebXml.parse(war.read(name));
          } else if (DESCRIPTORS.contains(name)) {
            descriptors.put(name, text(name));
          } else if (name.equals(CLASSES + "holdfast.properties")) {
            properties(text(name));
          } else if (name.endsWith(".jsp") || name.endsWith(".jspf") || name.endsWith(".jspx")) {
            page(name, text(name));
          }
        } catch (WarFile.TooLargeException e) {
          throw e;
        } catch (IOException | XMLStreamException | IllegalArgumentException e) {
          trouble(name, e);
        }
      }
    }

    private String text(String name) throws IOException {
      return new String(war.read(name), StandardCharsets.UTF_8);
    }

    private void properties(String text) throws IOException {
      Properties properties = new Properties();
      properties.load(new StringReader(text));
      properties.stringPropertyNames().forEach(key -> ownName(key, properties.getProperty(key)));
    }

    private void page(String page, String text) {
      Matcher bean = USE_BEAN.matcher(text);
      while (bean.find()) {
        Map<String, String> attributes = new LinkedHashMap<>();
        Matcher attribute = ATTRIBUTE.matcher(bean.group(1));
        while (attribute.find()) {
          attributes.put(attribute.group(1), attribute.group(2));
        }
        String type = attributes.getOrDefault("class", attributes.get("type"));
        if ("session".equals(attributes.get("scope")) && type != null) {
          beans.put(page + " " + attributes.getOrDefault("id", ""), type);
        }
      }
    }

    Application result() {
      webXml.contextParams().forEach(this::contextParam);
      for (WebXml.Filter filter : webXml.filters()) {
        if (filter.className().equals(FILTER)) {
          filter.initParams().forEach(this::ownName);
        }
      }
      return new Application(
          war, classes, jars, webXml, hasWebXml, fragments, beans, descriptors, settings, troubles);
    }

    /** A context-param: ours only with our name in front. */
    private void contextParam(String name, String value) {
      if (name.startsWith(PREFIX)) {
        ownName(name, value);
      }
    }

    /** A setting where all names are ours, with our name in front or without. */
    private void ownName(String name, String value) {
      settings.put(name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name, value);
    }
  }

  /** The application's own classes that have a trait. */
  List<WarClass> own(Trait trait) {
    return classes.which(type -> type.own() && type.has(trait));
  }
}
