package dev.holdfast.benchmark;

import java.awt.Color;
import java.awt.Dimension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGraphics2D;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.w3c.dom.Document;

/** The samples of all rounds, as a page and a chart. */
final class Report {
  private static final int WIDTH = 1100;
  private static final int HEIGHT = 520;

  private final List<Contender> contenders;
  private final Map<Case, Map<Contender, List<Sample>>> samples = new LinkedHashMap<>();

  Report(List<Contender> contenders) {
    this.contenders = contenders;
  }

  void add(Case one, Contender contender, Sample sample) {
    samples
        .computeIfAbsent(one, key -> new HashMap<>())
        .computeIfAbsent(contender, key -> new ArrayList<>())
        .add(sample);
  }

  /** Writes {@code benchmark.md} and {@code benchmark.svg}. */
  void write(Path directory, String machine) throws IOException {
    Files.createDirectories(directory);
    StringBuilder page = new StringBuilder(machine).append("\n");
    samples.forEach((one, of) -> table(page, one, of));
    Files.writeString(directory.resolve("benchmark.md"), page);
    System.out.println(page);
    SVGGraphics2D drawing = new SVGGraphics2D(emptySvg());
    chart().paint(drawing, WIDTH, HEIGHT);
    drawing.setSVGCanvasSize(new Dimension(WIDTH, HEIGHT));
    drawing.stream(directory.resolve("benchmark.svg").toString());
    System.out.println("Written to " + directory);
  }

  private static Document emptySvg() {
    try {
      return DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .getDOMImplementation()
          .createDocument(SVGGraphics2D.SVG_NAMESPACE_URI, "svg", null);
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException("The JDK has no XML parser", e);
    }
  }

  private void table(StringBuilder page, Case one, Map<Contender, List<Sample>> of) {
    page.append("\n### %s: %s\n\n| |".formatted(one.title(), one.operation().meaning));
    for (Sample.Figure figure : Sample.Figure.values()) {
      page.append(" ").append(figure.title).append(" |");
    }
    page.append(" CPU, ratio |\n|---|").append("---:|".repeat(Sample.Figure.values().length + 1));
    for (Contender contender : contenders) {
      page.append("\n| ").append(contender.title()).append(" |");
      for (Sample.Figure figure : Sample.Figure.values()) {
        page.append(" ")
            .append(figure.format.formatted(median(of.get(contender), figure.value)))
            .append(" |");
      }
      page.append(" ").append(ratio(of, contender)).append(" |");
    }
    page.append("\n");
  }

  /** CPU of this contender in terms of Holdfast's, round by round: the median and the range. */
  private String ratio(Map<Contender, List<Sample>> of, Contender contender) {
    List<Sample> holdfast =
        of.entrySet().stream()
            .filter(entry -> entry.getKey().name().equals("holdfast"))
            .map(Map.Entry::getValue)
            .findFirst()
            .orElse(List.of());
    List<Sample> own = of.get(contender);
    double[] ratios =
        IntStream.range(0, Math.min(own.size(), holdfast.size()))
            .mapToDouble(
                i ->
                    Sample.Figure.CPU.value.applyAsDouble(own.get(i))
                        / Sample.Figure.CPU.value.applyAsDouble(holdfast.get(i)))
            .sorted()
            .toArray();
    return ratios.length == 0
        ? "-"
        : "%.2f (%.2f to %.2f)".formatted(middle(ratios), ratios[0], ratios[ratios.length - 1]);
  }

  private static double median(List<Sample> samples, ToDoubleFunction<Sample> figure) {
    return middle(samples.stream().mapToDouble(figure).sorted().toArray());
  }

  private static double middle(double[] sorted) {
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  /** Of the size in the middle: with the largest beside them, the others are too small to see. */
  private CategoryChart chart() {
    int[] sizes = samples.keySet().stream().mapToInt(Case::kilobytes).sorted().distinct().toArray();
    List<Case> shown =
        samples.keySet().stream()
            .filter(
                one -> !one.operation().hasSizes() || one.kilobytes() == sizes[sizes.length / 2])
            .toList();
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title("CPU of the server for one request, microseconds")
            .build();
    chart.getStyler().setLegendPosition(LegendPosition.OutsideS);
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setYAxisDecimalPattern("#,##0");
    List<String> cases = shown.stream().map(Case::title).toList();
    for (Contender contender : contenders) {
      chart.addSeries(
          contender.title(),
          cases,
          shown.stream()
              .map(one -> median(samples.get(one).get(contender), Sample.Figure.CPU.value))
              .toList());
    }
    return chart;
  }
}
