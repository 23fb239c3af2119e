package dev.corvid.e2e.bench.program;

import dev.corvid.e2e.Checkout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.xml.sax.SAXException;

/** Java's settings in an image, read where the image is described. */
public final class ImageSettings {
  private static final String CACHE = "-XX:AOTCache=";

  private ImageSettings() {}

  /** The images' own Java, as {@code make images} leaves it; it may be missing. */
  public static Path java() {
    return Checkout.root().resolve("target/images/root/opt/java/bin/java");
  }

  /**
   * What the image sets, and what a pod may set instead.
   *
   * @param cache what the image's Java learnt of the program
   */
  static List<String> of(Path pom, Path cache) {
    var settings = texts(parsed(pom), "JDK_JAVA_OPTIONS");
    settings.addAll(options(pom, cache));
    return settings;
  }

  /**
   * What every container of the image runs with.
   *
   * @param cache what the image's Java learnt of the program
   */
  public static List<String> options(Path pom, Path cache) {
    var options = options(pom);
    options.add(CACHE + cache);
    return options;
  }

  /** What every container of the image runs with, apart from what names a path inside. */
  public static List<String> options(Path pom) {
    var options = new ArrayList<String>();
    for (var option : texts(parsed(pom), "option")) {
      if (option.equals("-jar")) {
        return options;
      }
      if (!option.contains("${")) {
        options.add(option);
      }
    }
    throw new IllegalStateException("no entrypoint with -jar in " + pom);
  }

  private static Document parsed(Path pom) {
    try {
      return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(pom.toFile());
    } catch (ParserConfigurationException | SAXException | IOException e) {
      throw new IllegalStateException("cannot read the image's settings from " + pom, e);
    }
  }

  private static List<String> texts(Document document, String tag) {
    var nodes = document.getElementsByTagName(tag);
    var texts = new ArrayList<String>();
    for (int i = 0; i < nodes.getLength(); i++) {
      texts.addAll(List.of(nodes.item(i).getTextContent().strip().split(" ")));
    }
    return texts;
  }
}
