package dev.corvid.e2e.chart;

import com.marcnuri.helm.Helm;
import dev.corvid.e2e.Checkout;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What Helm makes of the chart with some values, as the objects that it would install. */
record Rendered(List<HasMetadata> objects) {
  static final Path REPOSITORY = Checkout.root();
  static final Path CHART = REPOSITORY.resolve("helm/corvid");
  static final String NAMESPACE = "corvid-system";
  static final String KUBERNETES = "1.34.2";

  /** Values that the chart has no defaults for. */
  private static final String IMAGES =
      """
      images: {operator: {repository: corvid/operator}, peer: {repository: corvid/peer}}
      """;

  /** With the values that a user has to give, and no others. */
  static Rendered withDefaults() {
    return with("");
  }

  /**
   * @param values YAML that is laid over the chart's own and {@link #IMAGES}
   * @throws IllegalStateException with Helm's message when the values are refused
   */
  static Rendered with(String values) {
    var serialization = new KubernetesSerialization();
    return new Rendered(
        Stream.of(yaml(IMAGES, values).split("(?m)^---$"))
            .filter(document -> document.lines().anyMatch(line -> line.startsWith("kind:")))
            .map(document -> (HasMetadata) serialization.unmarshal(document))
            .toList());
  }

  <T extends HasMetadata> T only(Class<T> type) {
    List<T> found = all(type);
    if (found.size() != 1) {
      throw new AssertionError("wanted one " + type.getSimpleName() + ", rendered " + found);
    }
    return found.getFirst();
  }

  <T extends HasMetadata> List<T> all(Class<T> type) {
    return objects.stream().filter(type::isInstance).map(type::cast).toList();
  }

  <T extends HasMetadata> T named(Class<T> type, String name) {
    return all(type).stream()
        .filter(object -> object.getMetadata().getName().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + type.getSimpleName() + " " + name));
  }

  /**
   * What Helm prints.
   *
   * @param values YAML, each laid over the ones before it and the chart's own
   */
  static String yaml(String... values) {
    var files = new ArrayList<Path>();
    try {
      var template =
          new Helm(CHART)
              .template()
              .withName("corvid")
              .withNamespace(NAMESPACE)
              .withKubeVersion(KUBERNETES);
      for (var each : values) {
        files.add(Files.writeString(Files.createTempFile("values", ".yaml"), each));
        template.withValuesFile(files.getLast());
      }
      return template.call();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      files.forEach(Rendered::delete);
    }
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
