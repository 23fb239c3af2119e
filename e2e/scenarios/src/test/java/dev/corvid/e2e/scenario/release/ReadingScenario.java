package dev.corvid.e2e.scenario.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.corvid.e2e.cluster.JavaPod;
import dev.corvid.e2e.cluster.Program;
import dev.corvid.e2e.content.SampleRelease;
import dev.corvid.e2e.reader.Reader;
import dev.corvid.e2e.reader.SwitchReader;
import dev.corvid.e2e.scenario.Extent;
import dev.corvid.e2e.scenario.Figures;
import dev.corvid.e2e.scenario.Lab;
import dev.corvid.e2e.scenario.Scenario;
import dev.corvid.e2e.scenario.Tenant;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Applications read a release through the claim that has its name. */
@Scenario
class ReadingScenario {
  private static final String PROGRAM = "reader";
  private static final int SWITCHES = Extent.of(40, 100);

  private final Tenant tenant;

  ReadingScenario(Tenant tenant) throws IOException {
    this.tenant = tenant;
    var program = new Program(Reader.class).configMap(tenant.namespace(), PROGRAM);
    tenant.lab().client().resource(program).serverSideApply();
  }

  @Test
  void nobodyInARestrictedNamespaceReadsAllAndChangesNothing() throws Exception {
    var content = SampleRelease.of(2, 60, 4 << 20);
    tenant.apply("model", tenant.serve("model.tar.gz", content));
    tenant.awaitReady("model");

    var log = tenant.lab().pods().run(pod("nobody", Reader.class).reading("model").build(), 90);

    assertThat(entries(log)).containsExactlyInAnyOrderElementsOf(expected(content));
    assertThat(log).doesNotContain("CHANGED");
  }

  @Test
  void rootChangesNothingEither() throws Exception {
    var content = SampleRelease.of(3, 20, 1 << 20);
    tenant.apply("system", tenant.serve("system.tar", content));
    tenant.awaitReady("system");
    var root = pod("root", Reader.class).reading("system").build(0);
    allow(root);

    var log = tenant.lab().pods().run(root, 90);

    assertThat(entries(log)).hasSize(content.tree().entries().size());
    assertThat(log).doesNotContain("CHANGED");
  }

  @Test
  void aReaderSeesOneWholeRevisionOnEveryNodeThroughManySwitches() throws Exception {
    var urls =
        List.of(
            tenant.serve("a.tar", SampleRelease.saying("a", 40)),
            tenant.serve("b.tar", SampleRelease.saying("b", 40)));
    var last = tenant.serve("last.tar", SampleRelease.saying("last", 40));
    tenant.apply("switched", urls.get(0));
    tenant.awaitReady("switched");
    var readers = new ArrayList<Pod>();
    for (var node : Lab.NODES) {
      var reader = pod("on-" + node, SwitchReader.class).on(node).reading("switched").build();
      tenant.lab().pods().start(reader);
      readers.add(reader);
    }
    for (var reader : readers) {
      tenant.lab().pods().ready(reader, 90);
    }

    for (int i = 1; i <= SWITCHES; i++) {
      tenant.apply("switched", i < SWITCHES ? urls.get(i % 2) : last);
      tenant.awaitReady("switched");
    }

    var lines = new ArrayList<String>();
    for (var reader : readers) {
      var log = tenant.lab().pods().ended(reader, 90).lines().toList();
      assertThat(log.stream().filter(line -> line.startsWith("now ")))
          .as("most switches were seen")
          .hasSizeGreaterThan(SWITCHES / 2);
      lines.add(reader.getMetadata().getName() + ": " + log.getLast());
    }
    Figures.record("readers through %d switches".formatted(SWITCHES), lines);
  }

  private JavaPod pod(String name, Class<?> main) {
    return JavaPod.of(tenant.namespace(), name, Lab.peerImage(), List.of())
        .running(PROGRAM, main, "/release");
  }

  /** The API server admits pods by its own cache of namespaces, which follows after a moment. */
  private void allow(Pod root) {
    var client = tenant.lab().client();
    client
        .resource(
            new NamespaceBuilder()
                .withNewMetadata()
                .withName(tenant.namespace())
                .withLabels(Map.of("pod-security.kubernetes.io/enforce", "baseline"))
                .endMetadata()
                .build())
        .serverSideApply();
    Awaitility.await("a pod of root is admitted")
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () ->
                assertThatCode(() -> client.resource(root).dryRun().create())
                    .doesNotThrowAnyException());
  }

  private static List<String> entries(String log) {
    return log.lines()
        .filter(line -> line.matches("(file|program|link|empty) .*"))
        .collect(Collectors.toList());
  }

  private static List<String> expected(SampleRelease content) {
    return content.tree().entries().entrySet().stream()
        .map(entry -> entry.getValue() + " " + entry.getKey())
        .toList();
  }
}
