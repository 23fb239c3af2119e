package dev.corvid.e2e.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Each peer's progress over time, one panel a program on one time scale, the bound dashed. */
public final class ProgressPlot {
  private static final int WIDTH = 380;
  private static final int HEIGHT = 240;
  private static final int MARGIN = 45;
  private static final int PANEL = WIDTH + 2 * MARGIN;

  private final List<Progress> panels;
  private final double seconds;

  /**
   * @param panels of one row
   */
  public ProgressPlot(List<Progress> panels) {
    this.panels = panels;
    this.seconds =
        1.03
            * panels.stream()
                .mapToDouble(panel -> Math.max(panel.lastSecond(), panel.boundSeconds()))
                .max()
                .orElseThrow();
  }

  public void write(Path file) throws IOException {
    try (var out = Files.newOutputStream(file)) {
      var svg = XMLOutputFactory.newFactory().createXMLStreamWriter(out, "UTF-8");
      svg.writeStartDocument("UTF-8", "1.0");
      svg.writeStartElement("svg");
      svg.writeDefaultNamespace("http://www.w3.org/2000/svg");
      attributes(svg, "width", panels.size() * PANEL, "height", HEIGHT + 2 * MARGIN);
      attributes(svg, "font-family", "sans-serif", "font-size", 12);
      for (int panel = 0; panel < panels.size(); panel++) {
        svg.writeStartElement("g");
        attributes(svg, "transform", "translate(%d,%d)".formatted(panel * PANEL + MARGIN, MARGIN));
        panel(svg, panels.get(panel));
        svg.writeEndElement();
      }
      svg.writeEndDocument();
      svg.close();
    } catch (XMLStreamException e) {
      throw new IOException("writing " + file, e);
    }
  }

  private void panel(XMLStreamWriter svg, Progress progress) throws XMLStreamException {
    svg.writeEmptyElement("rect");
    attributes(svg, "width", WIDTH, "height", HEIGHT, "fill", "none", "stroke", "#888");
    text(svg, 0, -10, progress.row() + ": " + progress.program());
    text(svg, 0, HEIGHT + 18, "0");
    text(svg, WIDTH - 40, HEIGHT + 18, "%.1f s".formatted(seconds));
    text(svg, -MARGIN + 5, 10, "100 %");
    double bound = x(progress.boundSeconds());
    text(svg, bound - 15, HEIGHT + 32, "bound");
    line(svg, "%.1f,0 %.1f,%d".formatted(bound, bound, HEIGHT), "#c00", "5,4");
    line(svg, "0,%d %.1f,0".formatted(HEIGHT, bound), "#c00", "5,4");
    for (var peer : progress.peers()) {
      var points =
          peer.stream()
              .map(point -> "%.1f,%.1f".formatted(x(point.seconds()), y(point, progress)))
              .collect(Collectors.joining(" "));
      line(svg, "0," + HEIGHT + " " + points, "#0057b8", "none");
    }
  }

  private double x(double second) {
    return second / seconds * WIDTH;
  }

  private static double y(Progress.Point point, Progress progress) {
    return HEIGHT - Math.min(1.0, (double) point.bytes() / progress.bytes()) * HEIGHT;
  }

  private static void line(XMLStreamWriter svg, String points, String color, String dashes)
      throws XMLStreamException {
    svg.writeEmptyElement("polyline");
    attributes(svg, "points", points, "fill", "none", "stroke", color);
    attributes(svg, "stroke-dasharray", dashes);
  }

  private static void text(XMLStreamWriter svg, double x, double y, String text)
      throws XMLStreamException {
    svg.writeStartElement("text");
    attributes(svg, "x", String.format(Locale.ROOT, "%.1f", x), "y", y);
    svg.writeCharacters(text);
    svg.writeEndElement();
  }

  private static void attributes(XMLStreamWriter svg, Object... pairs) throws XMLStreamException {
    for (int i = 0; i < pairs.length; i += 2) {
      svg.writeAttribute(pairs[i].toString(), pairs[i + 1].toString());
    }
  }
}
