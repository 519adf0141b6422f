package dev.holdfast.preflight;

import java.io.ByteArrayInputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * What a web.xml or a web-fragment.xml says that matters here. {@code
 * container.DeploymentDescriptor} reads less of it, from a running application.
 *
 * @param namespace of its root; empty for one with a DTD
 * @param version empty when it names none
 * @param filters in order
 * @param mappings of filters, in order
 * @param listeners class names
 * @param absoluteOrdering the names in it, {@code <others/>} as that; empty when there is none
 * @param texts of single elements, by {@code parent/element}; the last one counts
 * @param contextParams by name
 */
record WebXml(
    String namespace,
    String version,
    boolean metadataComplete,
    boolean distributable,
    List<Filter> filters,
    List<Mapping> mappings,
    List<String> listeners,
    boolean hasAbsoluteOrdering,
    List<String> absoluteOrdering,
    Map<String, String> texts,
    Map<String, String> contextParams) {

  static final WebXml NONE =
      new WebXml(
          "", "", false, false, List.of(), List.of(), List.of(), false, List.of(), Map.of(),
          Map.of());

  /** A {@code <filter>}. */
  record Filter(
      String name, String className, boolean asyncSupported, Map<String, String> initParams) {}

  /** A {@code <filter-mapping>}. */
  record Mapping(String filter, List<String> patterns, List<String> dispatchers) {}

  /** A text of the session's cookie or another element; empty when it is not there. */
  String text(String path) {
    return texts.getOrDefault(path, "");
  }

  /**
   * @throws XMLStreamException when it is not well-formed
   */
  static WebXml parse(byte[] xml) throws XMLStreamException {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    return new Reading().read(factory.createXMLStreamReader(new ByteArrayInputStream(xml)));
  }

  /** One pass over a file. */
  private static final class Reading {
    private final List<Filter> filters = new ArrayList<>();
    private final List<Mapping> mappings = new ArrayList<>();
    private final List<String> listeners = new ArrayList<>();
    private final List<String> ordering = new ArrayList<>();
    private final Map<String, String> texts = new HashMap<>();
    private final Map<String, String> contextParams = new LinkedHashMap<>();

    /** Texts below the filter, mapping or context-param that is being read. */
    private final Map<String, List<String>> current = new HashMap<>();

    private String namespace = "";
    private String version = "";
    private boolean metadataComplete;
    private boolean distributable;
    private boolean absolute;

    WebXml read(XMLStreamReader reader) throws XMLStreamException {
      Deque<String> path = new ArrayDeque<>();
      StringBuilder text = new StringBuilder();
      while (reader.hasNext()) {
        switch (reader.next()) {
          case XMLStreamConstants.START_ELEMENT -> {
            if (path.isEmpty()) {
              root(reader);
            }
            path.push(reader.getLocalName());
            text.setLength(0);
          }
          case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA ->
              text.append(reader.getText());
          case XMLStreamConstants.END_ELEMENT -> {
            String element = path.pop();
            end(path.isEmpty() ? "" : path.peek(), element, text.toString().strip());
            text.setLength(0);
          }
          default -> {}
        }
      }
      return new WebXml(
          namespace,
          version,
          metadataComplete,
          distributable,
          List.copyOf(filters),
          List.copyOf(mappings),
          List.copyOf(listeners),
          absolute,
          List.copyOf(ordering),
          Map.copyOf(texts),
          contextParams);
    }

    private void root(XMLStreamReader reader) {
      namespace = String.valueOf(reader.getNamespaceURI()).replace("null", "");
      String written = reader.getAttributeValue(null, "version");
      version = written == null ? "" : written;
      metadataComplete = "true".equals(reader.getAttributeValue(null, "metadata-complete"));
    }

    private void end(String parent, String element, String text) {
      switch (parent + "/" + element) {
        case "web-app/filter", "web-fragment/filter" -> {
          filters.add(
              new Filter(
                  first("filter/filter-name"),
                  first("filter/filter-class"),
                  first("filter/async-supported").equals("true"),
                  params()));
          current.clear();
        }
        case "web-app/filter-mapping", "web-fragment/filter-mapping" -> {
          mappings.add(
              new Mapping(
                  first("filter-mapping/filter-name"),
                  all("filter-mapping/url-pattern"),
                  all("filter-mapping/dispatcher")));
          current.clear();
        }
        case "web-app/context-param" -> {
          contextParams.put(first("context-param/param-name"), first("context-param/param-value"));
          current.clear();
        }
        case "web-app/distributable" -> distributable = true;
        case "web-app/absolute-ordering" -> absolute = true;
        case "absolute-ordering/name" -> ordering.add(text);
        case "absolute-ordering/others" -> ordering.add("<others/>");
        case "listener/listener-class" -> listeners.add(text);
        default -> {
          texts.put(parent + "/" + element, text);
          current.computeIfAbsent(parent + "/" + element, key -> new ArrayList<>()).add(text);
        }
      }
    }

    private List<String> all(String path) {
      return List.copyOf(current.getOrDefault(path, List.of()));
    }

    private String first(String path) {
      List<String> values = all(path);
      return values.isEmpty() ? "" : values.get(0);
    }

    private Map<String, String> params() {
      Map<String, String> params = new LinkedHashMap<>();
      List<String> names = all("init-param/param-name");
      List<String> values = all("init-param/param-value");
      for (int i = 0; i < Math.min(names.size(), values.size()); i++) {
        params.put(names.get(i), values.get(i));
      }
      return params;
    }
  }
}
