package dev.corvid.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.trust.TestCluster;
import dev.corvid.trust.TrustFile;
import dev.corvid.wire.DeletionPolicy;
import dev.corvid.wire.Grant;
import dev.corvid.wire.ReleaseName;
import dev.corvid.wire.SignedGrant;
import dev.corvid.wire.WireException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a tracker that was taken over could hand to a node. */
class GrantCheckTest {
  @TempDir Path directory;
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private TestCluster cluster;
  private GrantCheck check;

  @BeforeEach
  void trust() throws IOException {
    cluster = new TestCluster(directory);
    check = new GrantCheck("node-1", new TrustFile(cluster.trustFile()), meters);
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
    for (var signature : List.of("AAAA", "no base64!", cluster.sign(removal("node-2")).signature()))
      assertThatThrownBy(
              () -> check.check(new SignedGrant(signed.payload(), signed.keyId(), signature)))
          .isInstanceOf(WireException.class);
    assertThat(refused("signature")).isEqualTo(3);
  }

  private double refused(String kind) {
    return meters.get("corvid.peer.grants.refused").tag("kind", kind).counter().count();
  }

  private static Grant removal(String... nodes) {
    return new Grant(
        "uid-1",
        new ReleaseName("search", "ranking"),
        "default",
        1,
        7,
        Grant.Action.REMOVE,
        null,
        List.of(),
        DeletionPolicy.DELETE,
        List.of(nodes));
  }
}
