package dev.corvid.e2e.chart;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A fenced block of YAML in a document. What it is stands behind the language: {@code yaml} is
 * whole objects, {@code yaml release} a part of a SwarmRelease, {@code yaml values} the chart's;
 * {@code refused}, too, is what the API server refuses with the text of the next block.
 *
 * @param at file and line
 * @param kind the words behind the language
 * @param text without the fences
 * @param answer the text of the block after it
 */
record DocumentedYaml(String at, List<String> kind, String text, String answer) {
  private static final String FENCE = "```";

  /** A release that lacks nothing, so that a part can be shown alone. */
  private static final String REST =
      """
      apiVersion: corvid.dev/v1alpha1
      kind: SwarmRelease
      metadata: {name: model}
      spec:
        source: {http: {url: "https://models.example.com/ranking.tar.gz"}}
        nodes: {selector: {}}
      """;

  /** Of the README and all of docs/. */
  static List<DocumentedYaml> all() throws IOException {
    List<Path> documents = new ArrayList<>(List.of(Rendered.REPOSITORY.resolve("README.md")));
    try (var docs = Files.list(Rendered.REPOSITORY.resolve("docs"))) {
      documents.addAll(docs.filter(file -> file.toString().endsWith(".md")).sorted().toList());
    }
    List<DocumentedYaml> all = new ArrayList<>();
    for (Path document : documents) {
      all.addAll(of(document.getFileName().toString(), Files.readAllLines(document)));
    }
    return all;
  }

  static List<DocumentedYaml> of(String document, List<String> lines) {
    List<DocumentedYaml> found = new ArrayList<>();
    List<DocumentedYaml> blocks = new ArrayList<>();
    int begin = -1;
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).strip().startsWith(FENCE)) {
        continue;
      }
      if (begin < 0) {
        begin = i;
        continue;
      }
      List<String> info =
          Arrays.asList(lines.get(begin).strip().substring(FENCE.length()).strip().split(" +"));
      String text = String.join("\n", lines.subList(begin + 1, i)).stripIndent() + "\n";
      blocks.add(new DocumentedYaml(document + ":" + (begin + 1), info, text, ""));
      begin = -1;
    }
    for (int i = 0; i < blocks.size(); i++) {
      DocumentedYaml block = blocks.get(i);
      if (block.kind.getFirst().equals("yaml")) {
        String answer = i + 1 < blocks.size() ? blocks.get(i + 1).text : "";
        found.add(
            new DocumentedYaml(
                block.at, block.kind.subList(1, block.kind.size()), block.text, answer));
      } else if (block.text.contains("apiVersion: ")) {
        throw new IllegalArgumentException(block.at + " is YAML: write ```yaml");
      }
    }
    return found;
  }

  boolean isValues() {
    return kind.contains("values");
  }

  boolean isRefused() {
    return kind.contains("refused");
  }

  /** Each object as it can be applied, with what an ellipsis stands for. */
  List<String> objects() {
    String full = text.replace("sha256:…", "sha256:" + "0".repeat(64));
    return kind.contains("release") ? List.of(completed(full)) : List.of(full.split("(?m)^---$"));
  }

  private static String completed(String part) {
    try {
      JsonNode release = Serialization.yamlMapper().readTree(REST);
      return Serialization.yamlMapper().readerForUpdating(release).readValue(part).toString();
    } catch (IOException e) {
      throw new IllegalArgumentException(part, e);
    }
  }
}
