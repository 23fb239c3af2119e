package dev.corvid.e2e.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.e2e.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * The documents and the repository that they describe agree; a failure names the line to correct.
 */
class DocumentsTest {
  private static final List<String> STORY =
      List.of("docs/README.md", "docs/architecture.md", "docs/glossary.md", "docs/adr/");

  @Test
  void everyLinkLeadsSomewhere() throws IOException {
    List<String> broken = new ArrayList<>();
    for (Document document : Document.all()) {
      for (Document.Mention link : document.links()) {
        problem(document, link.text())
            .ifPresent(why -> broken.add(link.at() + " " + link.text() + ": " + why));
      }
    }
    assertThat(broken).isEmpty();
  }

  private static Optional<String> problem(Document from, String link) throws IOException {
    String[] parts = link.split("#", 2);
    Path target =
        parts[0].isEmpty() ? from.path() : from.path().resolveSibling(parts[0]).normalize();
    if (!Files.exists(Checkout.root().resolve(target))) {
      return Optional.of("no such file");
    }
    boolean leadsToHeading = parts.length == 2 && target.toString().endsWith(".md");
    return leadsToHeading && !Document.read(target).anchors().contains(parts[1])
        ? Optional.of("no such heading")
        : Optional.empty();
  }

  @Test
  void everyClassPackagePathAndTargetThatTheStoryNamesExists() throws IOException {
    var sources = new Sources();
    List<String> wrong = new ArrayList<>();
    for (Document document : Document.all()) {
      if (STORY.stream().anyMatch(document.path().toString()::startsWith)) {
        for (Document.Mention code : document.code()) {
          sources
              .problem(code.text())
              .ifPresent(why -> wrong.add(code.at() + " `" + code.text() + "`: " + why));
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void aNameThatIsNotThereIsFound() throws IOException {
    var sources = new Sources();

    assertThat(sources.problem("SwarmRelease")).isEmpty();
    assertThat(sources.problem("dev.corvid.wire")).isEmpty();
    assertThat(sources.problem("helm/corvid/values.yaml")).isEmpty();
    assertThat(sources.problem("make check")).isEmpty();
    assertThat(sources.problem("spec.rollout")).isEmpty();
    assertThat(sources.problem("Prestidigitator")).contains("no class of that name");
    assertThat(sources.problem("SwarmRelease.vanish")).contains("SwarmRelease has no vanish");
    assertThat(sources.problem("dev.corvid.nowhere")).contains("no package of that name");
    assertThat(sources.problem("helm/nowhere.yaml")).contains("no file of that path");
    assertThat(sources.problem("make nonsense")).contains("the Makefile has no such target");
  }
}
