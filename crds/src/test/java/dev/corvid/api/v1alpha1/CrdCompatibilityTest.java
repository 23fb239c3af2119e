package dev.corvid.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.corvid.api.v1alpha1.Compatibility.Change;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The CRD against the one that users have; docs/api-policy.md allows what was decided. */
class CrdCompatibilityTest {
  private static final Path HERE = Path.of(System.getProperty("maven.basedir", "."));
  private static final String FILE = "swarmreleases.corvid.dev.yaml";
  private static final String HEADING = "## Allowed changes";

  /** In a cell. */
  private static final String ESCAPED = "\\|";

  /** {@code | `spec.root` | `removed` | why |}. */
  private static final Pattern ROW =
      Pattern.compile("\\| `([^|]+)` \\| `((?:[^|]|(?<=\\\\)\\|)+)` \\| ([^|]*[^| ][^|]*) \\|");

  @Test
  void nothingThatUsersHaveIsRefusedOrLost() throws IOException {
    List<Change> changes =
        Compatibility.between(
            Files.readString(HERE.resolve("compatibility").resolve(FILE)),
            Files.readString(HERE.resolve(FILE)));

    judge(changes, allowed(Files.readString(HERE.resolve("../docs/api-policy.md"))));
  }

  private static void judge(List<Change> changes, Set<Change> allowed) {
    List<Change> forbidden = changes.stream().filter(c -> !allowed.contains(c)).toList();
    if (!forbidden.isEmpty()) {
      throw new AssertionError(
          "Inside a version the API only grows. Take these back, or add each row to \""
              + HEADING
              + "\" of docs/api-policy.md with why users can bear it:\n"
              + forbidden.stream()
                  .map(
                      c ->
                          "| `%s` | `%s` | why |"
                              .formatted(c.path(), c.what().replace("|", ESCAPED)))
                  .collect(Collectors.joining("\n")));
    }
    assertThat(changes)
        .as("rows of docs/api-policy.md that allow what is no change any more: remove them")
        .containsAll(allowed);
  }

  private static Set<Change> allowed(String policy) {
    Set<Change> allowed = new LinkedHashSet<>();
    String section = policy.substring(policy.indexOf(HEADING));
    section
        .lines()
        .filter(line -> line.startsWith("| `"))
        .forEach(
            line -> {
              var row = ROW.matcher(line);
              assertThat(row.matches()).as("a row has a path, a change and why: %s", line).isTrue();
              allowed.add(new Change(row.group(1), row.group(2).replace(ESCAPED, "|")));
            });
    return allowed;
  }

  @Test
  void aRowAllowsOneChangeAndNoOther() {
    var removed = new Change("spec.a", "removed");
    var lost = new Change("spec.b", "enum lost X");
    Set<Change> rows =
        allowed(
            """
            | `spec.z` | `removed` | above the heading |
            ## Allowed changes
            | field | change | why |
            |---|---|---|
            | `spec.a` | `removed` | it never worked |
            """);

    assertThat(rows).containsExactly(removed);
    judge(List.of(removed), rows);
    assertThatThrownBy(() -> judge(List.of(removed, lost), rows))
        .hasMessageContaining("| `spec.b` | `enum lost X` | why |")
        .hasMessageNotContaining("spec.a");
    assertThatThrownBy(() -> judge(new ArrayList<>(), rows)).hasMessageContaining("remove them");
    assertThatThrownBy(() -> allowed(HEADING + "\n| `spec.a` | `removed` |  |\n"))
        .hasMessageContaining("a row has a path, a change and why");
  }

  /** A rule has what a cell of a table must escape. */
  @Test
  void theRowThatIsPrintedAllowsARuleThatChanged() {
    List<Change> changes =
        Compatibility.between(
            withRule("self.a"),
            withRule("!has(self.b) || self.b.matches('^[^|\\\\s\\\\|]+(c|d)$')"));
    assertThat(changes).hasSize(1);
    String printed = catchThrowable(() -> judge(changes, Set.of())).getMessage();

    Set<Change> rows = allowed(HEADING + printed.substring(printed.indexOf("\n| `")));

    assertThat(rows).containsExactlyElementsOf(changes);
    judge(changes, rows);
  }

  private static String withRule(String rule) {
    return """
        spec:
          versions:
            - name: v1
              served: true
              schema:
                openAPIV3Schema:
                  x-kubernetes-validations:
                    - rule: >-
                        %s
        """
        .formatted(rule);
  }
}
