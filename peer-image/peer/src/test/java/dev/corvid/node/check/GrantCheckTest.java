package dev.corvid.node.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.trust.TestCluster;
import dev.corvid.trust.TrustFile;
import dev.corvid.wire.WireException;
import dev.corvid.wire.grant.DeletionPolicy;
import dev.corvid.wire.grant.Grant;
import dev.corvid.wire.grant.ReleaseName;
import dev.corvid.wire.grant.SignedGrant;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a tracker that was taken over could hand to a node. */
class GrantCheckTest {
  @TempDir Path directory;
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private Instant now = Instant.EPOCH;
  private TestCluster cluster;
  private GrantCheck check;

  @BeforeEach
  void trust() throws IOException {
    cluster = new TestCluster(directory);
    check = new GrantCheck("node-1", new TrustFile(cluster.trustFile()), () -> now, meters);
  }

  @Test
  void obeysAGrantThatNamesTheNode() throws IOException {
    var grant = removal("node-0", "node-1");
    assertThat(check.check(cluster.sign(grant))).contains(grant);
  }

  @Test
  void refusesAGrantForOtherNodesAlthoughItIsSigned() throws IOException {
    assertThat(check.check(cluster.sign(removal("node-2")))).isEmpty();
    assertThat(refused("other_node")).isEqualTo(1);
  }

  @Test
  void refusesAGrantThatNobodySigned() {
    var signed = cluster.sign(removal("node-1"));
    for (var signature :
        List.of("AAAA", "no base64!", cluster.sign(removal("node-2")).signature())) {
      assertThatThrownBy(
              () -> check.check(new SignedGrant(signed.payload(), signed.keyId(), signature)))
          .isInstanceOf(WireException.class);
    }
    assertThat(refused("signature")).isEqualTo(3);
  }

  @Test
  void aGrantFromTheFutureIsRefusedUntilItsTimeComes() throws IOException {
    now = Instant.EPOCH.minus(Duration.ofDays(2));
    var signed = cluster.sign(removal("node-1"));

    assertThatThrownBy(() -> check.check(signed))
        .isInstanceOf(WireException.class)
        .hasMessageContaining("ClockSkew");
    assertThat(refused("clock_skew")).isEqualTo(1);

    now = Instant.EPOCH;
    assertThat(check.check(signed)).isPresent();
  }

  @Test
  void whatWasVerifiedIsNotVerifiedAgain() throws IOException {
    var signed = cluster.sign(removal("node-1"));
    for (int assignments = 0; assignments < 100; assignments++) {
      assertThat(check.check(copy(signed))).isPresent();
      check.retain(List.of(copy(signed)));
    }
    assertThat(verified()).isEqualTo(1);

    check.retain(List.of());
    check.check(signed);
    assertThat(verified()).isEqualTo(2);
  }

  @Test
  void whatARemovedKeySignedCountsNoMoreAlthoughItWasVerified() throws IOException {
    var signed = cluster.sign(removal("node-1"));
    check.check(signed);
    cluster.trustGrantsOf(new TestCluster(Files.createDirectory(directory.resolve("other"))));

    assertThatThrownBy(() -> check.check(signed)).isInstanceOf(WireException.class);
  }

  @Test
  void oneCharacterOfDifferenceIsVerified() throws IOException {
    var signed = cluster.sign(removal("node-1"));
    check.check(signed);
    var changed =
        new SignedGrant(
            signed.payload().replace("uid-1", "uid-2"), signed.keyId(), signed.signature());

    assertThatThrownBy(() -> check.check(changed)).isInstanceOf(WireException.class);
  }

  private double verified() {
    return meters.get("corvid.peer.grants.verified").counter().count();
  }

  /** As it is decoded from another message. */
  private static SignedGrant copy(SignedGrant signed) {
    return new SignedGrant(
        new String(signed.payload().toCharArray()), signed.keyId(), signed.signature());
  }

  private double refused(String kind) {
    return meters.get("corvid.peer.grants.refused").tag("kind", kind).counter().count();
  }

  private static Grant removal(String... nodes) {
    return new Grant(
        "uid-1",
        new ReleaseName("search", "ranking"),
        null,
        "default",
        1,
        0,
        7,
        Grant.Action.REMOVE,
        null,
        null,
        List.of(),
        DeletionPolicy.DELETE,
        List.of(nodes));
  }
}
