package dev.corvid.e2e.scenario.reason;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.e2e.content.RawTar;
import dev.corvid.e2e.content.SampleRelease;
import dev.corvid.e2e.scenario.Extent;
import dev.corvid.e2e.scenario.Lab;
import dev.corvid.e2e.scenario.Scenario;
import dev.corvid.e2e.scenario.Tenant;
import dev.corvid.e2e.source.Answer;
import dev.corvid.e2e.source.Received;
import dev.corvid.e2e.source.SourceServer;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A source that goes bad is reported under its own reason, and what was active before stays active.
 * All releases are made at once and fail side by side.
 */
@Scenario
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BadSourceScenario {
  /** For some thirty seeders on one machine, one of which waits a minute for its silent source. */
  private static final Duration LIMIT = Duration.ofMinutes(4);

  /** {@code CasesIT} tries hundreds of them on the seeder's own code. */
  private static final Set<String> OF_EACH_KIND =
      Set.of(
          "missing",
          "silent",
          "cut-off",
          "metadata",
          "wrong-password",
          "redirected",
          "nameless",
          "unpinned",
          "narrow-scratch",
          "corrupt-gzip",
          "parent",
          "link-out",
          "bomb");

  private static final Duration LEAST = Duration.ofSeconds(1);

  private final Tenant tenant;
  private final SourceServer elsewhere;
  private final SampleRelease good = SampleRelease.saying("good", 5);
  private final List<BadSources.Bad> sources;
  private Instant deadline;

  BadSourceScenario(Tenant tenant) throws IOException {
    this.tenant = tenant;
    var address = new InetSocketAddress(tenant.lab().cluster().machineAddress(), 0);
    elsewhere = SourceServer.start(address);
    sources =
        new BadSources(tenant, elsewhere)
            .all().stream()
                .filter(bad -> Extent.isFull() || OF_EACH_KIND.contains(bad.name()))
                .toList();
    tenant
        .lab()
        .client()
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName(BadSources.SECRET)
                .withNamespace(tenant.namespace())
                .endMetadata()
                .withStringData(
                    Map.of(
                        "username", "me",
                        "password", "wrong",
                        "hosts", tenant.lab().source().uri("/").toString()))
                .build())
        .serverSideApply();
  }

  List<BadSources.Bad> sources() {
    return sources;
  }

  @BeforeAll
  void goodOnesGoBad() throws IOException {
    var spec = BadSources.good(tenant.serve("good.tar", good));
    applyAll(bad -> spec);
    sources.forEach(bad -> tenant.awaitReady(bad.name(), LIMIT));
    applyAll(BadSources.Bad::spec);
    deadline = Instant.now().plus(LIMIT);
  }

  private void applyAll(Function<BadSources.Bad, String> spec) {
    var manifests =
        sources.stream()
            .map(bad -> tenant.manifest(bad.name(), spec.apply(bad)))
            .collect(Collectors.joining("---\n"));
    tenant.lab().kubectl().apply(manifests);
  }

  @AfterAll
  void close() {
    elsewhere.close();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("sources")
  @Order(1)
  void isReportedAndTheOldRevisionStaysActive(BadSources.Bad bad) throws Exception {
    var left = Duration.between(Instant.now(), deadline);
    var limit = left.compareTo(LEAST) > 0 ? left : LEAST;
    var ready = tenant.awaitReason(bad.name(), bad.reason(), bad.message(), limit);

    var active = tenant.release(bad.name()).get().getStatus().currentRevision();
    assertThat(ready.getStatus()).isEqualTo("False");
    assertThat(ready.getMessage()).endsWith("; " + active + " is still active");
    for (var node : Lab.NODES) {
      assertThat(tenant.tree(node, bad.name())).as(node).isEqualTo(good.tree());
    }
  }

  @Test
  @Order(2)
  void credentialsAreSentToWhomTheyAreForAndToNobodyElse() {
    assertThat(tenant.lab().source().requests(tenant.path("away.tar")))
        .isNotEmpty()
        .allSatisfy(request -> assertThat(authorization(request)).startsWith("Basic "));
    assertThat(elsewhere.requests(BadSources.REDIRECTED))
        .isNotEmpty()
        .allSatisfy(request -> assertThat(authorization(request)).isNull());
  }

  private static String authorization(Received request) {
    return request.header("authorization");
  }

  @Test
  @Order(2)
  void modesAndNamesThatAreOnlyOddBecomePlainOnes() throws Exception {
    var tar =
        new RawTar(UTF_8)
            .file("setuid", 04755, "x")
            .file("unreadable", 0, "secret")
            .directory("closed", 0555)
            .file("closed/inside", 0600, "y")
            .file("empty", 0644, "")
            .file("gr\u00fc\u00dfe \u4f60\u597d", 0644, "z");
    var file = Files.write(tenant.lab().archives().resolve("odd.tar"), tar.bytes());

    tenant.apply("odd", tenant.serve("odd.tar", new Answer.Content(file)));
    tenant.awaitReady("odd", LIMIT);

    for (var node : Lab.NODES) {
      var current = tenant.folder(node, "odd").resolve("current").toRealPath();
      assertThat(mode(current.resolve("setuid"))).isEqualTo("555");
      assertThat(mode(current.resolve("unreadable"))).isEqualTo("444");
      assertThat(mode(current.resolve("closed"))).isEqualTo("755");
      assertThat(mode(current.resolve("closed/inside"))).isEqualTo("444");
      assertThat(current.resolve("empty")).isEmptyFile();
      assertThat(current.resolve("gr\u00fc\u00dfe \u4f60\u597d")).hasContent("z");
    }
  }

  private static String mode(Path file) throws IOException {
    return Integer.toOctalString((int) Files.getAttribute(file, "unix:mode") & 07777);
  }
}
