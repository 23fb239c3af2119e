package dev.corvid.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.e2e.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is copied from {@code crds/examples} works. */
@Scenario
class ExamplesScenario {
  private final Tenant tenant;

  ExamplesScenario(Tenant tenant) {
    this.tenant = tenant;
  }

  static List<Path> examples() throws IOException {
    try (var files = Files.list(Checkout.root().resolve("crds/examples"))) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("examples")
  void theApiServerAcceptsIt(Path example) {
    var answer =
        tenant
            .lab()
            .kubectl()
            .run("apply", "-n", tenant.namespace(), "--dry-run=server", "-f", example.toString());

    assertThat(answer).contains("created (server dry run)").doesNotContainIgnoringCase("warning");
  }
}
