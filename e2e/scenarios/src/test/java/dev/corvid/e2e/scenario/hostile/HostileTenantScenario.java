package dev.corvid.e2e.scenario.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.corvid.e2e.content.SampleRelease;
import dev.corvid.e2e.scenario.Lab;
import dev.corvid.e2e.scenario.Scenario;
import dev.corvid.e2e.scenario.Tenant;
import dev.corvid.e2e.source.Answer;
import dev.corvid.wire.Wire;
import dev.corvid.wire.seeder.Publication;
import dev.corvid.wire.seeder.SeederReport;
import dev.corvid.wire.seeder.SeederTask;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** A tenant against another one: {@code make hostile}. */
@Scenario
@EnabledIfSystemProperty(named = "hostile", matches = "true")
class HostileTenantScenario {
  private static final String SECRET = "secret";
  private static final int RELEASES = 200;
  private static final Duration WATCHED = Duration.ofSeconds(20);
  private static final Duration LIMIT = Duration.ofMinutes(3);

  private final Lab lab;
  private final Victims victims;
  private final Mallory mallory;
  private final NamespaceIsolation apart;
  private final SampleRelease secret = SampleRelease.of(9_901, 12, 4 << 20);
  private final AttackReport report = new AttackReport("tenant");

  HostileTenantScenario(Tenant tenant) throws IOException {
    this.lab = tenant.lab();
    this.victims = new Victims(tenant);
    this.mallory = Mallory.in(lab, "mallory");
    this.apart = new NamespaceIsolation(mallory.tenant());
  }

  @BeforeAll
  void release() throws Exception {
    var tenant = victims.tenant();
    tenant.apply(SECRET, tenant.serve("secret.tar", secret));
    tenant.awaitReady(SECRET);
    apart.released(secret);
  }

  @AfterAll
  void leave() throws IOException {
    report.record();
    mallory.tenant().leave();
  }

  @Test
  void aClaimWithTheLabelsOfAVictim() throws Exception {
    var outcome =
        victims.during(
            () -> {
              mallory
                  .kubectl()
                  .apply(
                      """
                      apiVersion: v1
                      kind: PersistentVolumeClaim
                      metadata:
                        name: %s
                        labels: {corvid.dev/release: %s, corvid.dev/release-namespace: %s, app.kubernetes.io/managed-by: corvid}
                        finalizers: [mallory.example/hold]
                      spec: {storageClassName: "", accessModes: [ReadOnlyMany], resources: {requests: {storage: 1Gi}}}
                      """
                          .formatted(victims.next(), victims.next(), victims.tenant().namespace()));
              return this::dropClaims;
            });

    report.add("a claim with a victim's labels, held by a finalizer", outcome);
    assertThat(outcome.got()).isEqualTo("the claim is still there");
  }

  private String dropClaims() {
    var claims = mallory.kubectl().run("get", "pvc", "-o", "name").lines().toList();
    boolean deleted =
        mallory.kubectl().run("get", "pvc", "-o", "yaml").contains("deletionTimestamp");
    for (var claim : claims) {
      mallory
          .kubectl()
          .run("patch", claim, "--type=merge", "-p", "{\"metadata\":{\"finalizers\":null}}");
      mallory.kubectl().run("delete", claim);
    }
    return deleted ? "the claim was deleted" : "the claim is still there";
  }

  @Test
  void aForgedPublicationOfAVictimsContent() throws Exception {
    var file = lab.archives().resolve("stalls.bin");
    Files.write(file, new byte[300_000]);
    mallory.apply(
        "forged",
        """
        source: {http: {url: "%s"}}
        nodes: {selector: {}}
        """
            .formatted(mallory.tenant().serve("a.bin", new Answer.Stalled(file, 1000))));
    var seeder = seederOf("forged");

    var outcome =
        victims.during(
            () -> {
              var answer =
                  PodNetwork.in(seeder)
                      .post(
                          PodNetwork.tracker(lab)
                              + "/v1/seeders/"
                              + task(seeder).releaseUid()
                              + "/report",
                          PodNetwork.token(mallory.kubectl(), seeder),
                          forged(seeder));
              return () -> "the tracker answers " + StolenNode.status(answer);
            });

    report.add("a publication forged with the seeder's key, of a victim's content", outcome);
    assertNothingIsStolen();
    mallory.kubectl().run("delete", "swr", "forged", "--timeout=90s");
  }

  private Pod seederOf(String release) {
    return lab.client()
        .pods()
        .inNamespace(mallory.tenant().namespace())
        .withLabel("corvid.dev/release", release)
        .waitUntilCondition(
            pod -> pod != null && "Running".equals(pod.getStatus().getPhase()),
            LIMIT.toSeconds(),
            TimeUnit.SECONDS);
  }

  private static SeederTask task(Pod seeder) throws IOException {
    return new ObjectMapper().readValue(variable(seeder, SeederTask.VARIABLE), SeederTask.class);
  }

  private static String variable(Pod seeder, String name) {
    return seeder.getSpec().getContainers().getFirst().getEnv().stream()
        .filter(variable -> variable.getName().equals(name))
        .map(variable -> variable.getValue())
        .findFirst()
        .orElse("");
  }

  private String forged(Pod seeder) throws IOException {
    var recorded = victims.tenant().recorded(SECRET);
    var task = task(seeder);
    var publication =
        Publication.prove(
            task.releaseUid(),
            task.sourceHash(),
            recorded.sourceDigest(),
            recorded.content(),
            1000,
            Base64.getDecoder().decode(variable(seeder, SeederTask.KEY_VARIABLE)));
    var report =
        new SeederReport(SeederReport.State.SEEDING, 6881, 1000, 1000, publication, 0, null, null);
    return new String(Wire.encode(report), StandardCharsets.UTF_8);
  }

  @Test
  void aReleaseWithAVictimsDigest() throws Exception {
    var digest = victims.tenant().release(SECRET).get().getStatus().source().http().digest();
    var own = mallory.tenant().serve("own.tar", SampleRelease.saying("mine", 5));
    mallory.applyWithDigest("guessed", own, digest);

    var told = mallory.tenant().awaitReason("guessed", "DigestMismatch").getMessage();

    report.add("an own source with a victim's digest", told, "-");
    assertNothingIsStolen();
    mallory.kubectl().run("delete", "swr", "guessed", "--timeout=90s");
  }

  private void assertNothingIsStolen() {
    Awaitility.await("nothing of another namespace below " + mallory.tenant().namespace())
        .during(WATCHED)
        .atMost(LIMIT)
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(() -> assertThat(apart.stolen()).isEmpty());
  }

  @Test
  void aHugeRelease() {
    var globs =
        IntStream.range(0, 5_000)
            .mapToObj(i -> "\"" + i + "x".repeat(270) + "\"")
            .collect(Collectors.joining(","));
    var outcome =
        mallory.tries(
            mallory
                .tenant()
                .manifest(
                    "huge",
                    """
                    source: {http: {url: "http://192.0.2.1/a.tar"}, files: {exclude: [%s]}}
                    nodes: {selector: {}}
                    """
                        .formatted(globs)));

    report.add("a release of 1.4 MB", outcome.err(), "-");
    assertThat(outcome.exitCode()).isNotZero();
    assertThat(outcome.err()).contains("spec.source.files.exclude");
  }

  @Test
  void twoHundredReleases() throws Exception {
    var outcome =
        victims.during(
            () -> {
              var all =
                  IntStream.range(0, RELEASES)
                      .mapToObj(i -> mallory.small("many-" + i))
                      .collect(Collectors.joining("---\n"));
              var tried = mallory.tries(all);
              long made = tried.out().lines().filter(line -> line.endsWith(" created")).count();
              return () -> made + " of " + RELEASES + " accepted " + tried.err();
            });
    report.add(RELEASES + " releases at once", outcome);
    try {
      assertThat(outcome.restarted()).isEmpty();
    } finally {
      mallory.kubectl().run("delete", "swr", "--all", "--wait=false");
      Awaitility.await("the end of them")
          .atMost(LIMIT)
          .until(() -> mallory.kubectl().run("get", "swr", "-o", "name").isBlank());
    }
  }

  @Test
  void aFakeSeederReachesNoPeer() {
    var open = Ports.openOf(mallory.pods(), true, 4, Ports.of(lab).of("peer", 6881), "seeder");

    report.add(
        "BitTorrent to peers from a pod labelled as a seeder", open.size() + " connections", "-");
    assertThat(open).isEmpty();
  }

  @Test
  void theStatusIsTheOperators() {
    var refused = new ArrayList<String>();
    for (var verb : List.of("patch", "update")) {
      var outcome =
          mallory
              .kubectl()
              .with("auth", "can-i", verb, "swarmreleases.corvid.dev", "--subresource=status")
              .outcome("");
      if (outcome.exitCode() != 0) {
        refused.add(verb);
      }
    }

    report.add(
        "status of an own release, to make the operator sign it", "refused: " + refused, "-");
    assertThat(refused).containsExactly("patch", "update");
  }
}
