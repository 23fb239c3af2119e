package dev.corvid.operator.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** What Kustomizations said in each test, and when, in a file. */
public record FluxFigures(Path file) {
  /** Begins the file. */
  public void begin(List<String> versions) throws IOException {
    Files.createDirectories(file.getParent());
    Files.write(file, versions);
  }

  /**
   * Adds what one test saw.
   *
   * @param namespace of the test, which is not shown
   */
  public void add(
      String test, List<Kustomization.State> states, List<String> notes, String namespace)
      throws IOException {
    List<String> lines = new ArrayList<>(List.of("", sentence(test)));
    states.forEach(state -> lines.add(abbreviated(state, namespace)));
    lines.addAll(notes);
    Files.write(file, lines, StandardOpenOption.APPEND);
  }

  private static String sentence(String method) {
    return method.replaceAll("\\(.*", "").replaceAll("([A-Z])", " $1").toLowerCase();
  }

  private static String abbreviated(Kustomization.State state, String namespace) {
    return ("  " + state)
        .replaceAll("sha256:([0-9a-f]{8})[0-9a-f]{56}", "sha256:$1")
        .replace(namespace, "NAMESPACE");
  }
}
