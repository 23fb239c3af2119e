package dev.corvid.e2e.bench.program;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;

/** Java's settings in the peer's image, read where the image is described. */
final class ImageSettings {
  private ImageSettings() {}

  static List<String> of(Path pom) {
    try {
      var document = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(pom.toFile());
      var settings = texts(document, "JDK_JAVA_OPTIONS");
      for (var option : texts(document, "option")) {
        if (option.equals("-jar")) {
          return settings;
        }
        if (!option.contains("${")) { // a path inside the image
          settings.add(option);
        }
      }
      throw new IllegalStateException("no entrypoint with -jar in " + pom);
    } catch (Exception e) {
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
