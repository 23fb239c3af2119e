package dev.corvid.node.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.node.LoggedWarnings;
import dev.corvid.node.SimulatedTime;
import dev.corvid.trust.TestCluster;
import dev.corvid.trust.TrustFile;
import dev.corvid.wire.config.Roots;
import dev.corvid.wire.grant.DeletionPolicy;
import dev.corvid.wire.grant.Grant;
import dev.corvid.wire.grant.ReleaseName;
import dev.corvid.wire.grant.SignedGrant;
import dev.corvid.wire.node.NodeAssignments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Grants that are refused, in slices of one part and of several. */
class ReleasesTest {
  @TempDir Path directory;
  private TestCluster keys;
  private TestCluster stranger;
  private SimulatedPeer peer;

  @BeforeEach
  void start() throws IOException {
    keys = new TestCluster(Files.createDirectory(directory.resolve("keys")));
    stranger = new TestCluster(Files.createDirectory(directory.resolve("stranger")));
    var time = new SimulatedTime();
    var random = new SplittableRandom(1);
    peer =
        new SimulatedPeer(
            time,
            random,
            new SimulatedSwarm(time, random, List.of()),
            new TrustFile(keys.trustFile()),
            new Roots(List.of()),
            directory,
            null,
            "boot-1");
  }

  @Test
  void logsEachRefusedGrantOnceHoweverOftenItIsSent() throws IOException {
    NodeAssignments slice =
        slice(null, stranger.sign(removal(1)), stranger.sign(removal(2)), keys.sign(removal(3)));
    try (var warnings = new LoggedWarnings("dev.corvid.node")) {
      for (int polls = 0; polls < 10; polls++) {
        assertThat(peer.obey(slice, true)).isFalse();
      }
      assertThat(warnings.messages()).hasSize(2);
      assertThat(warnings.messages().getFirst()).contains("search/ranking-1", "epoch 1");
      assertThat(warnings.messages().getLast()).contains("search/ranking-2", "epoch 2");
    }
  }

  @Test
  void logsAFewRefusalsOfALongAnswerAndCountsTheOthers() throws IOException {
    NodeAssignments slice =
        slice(
            null,
            IntStream.rangeClosed(1, 50)
                .mapToObj(each -> stranger.sign(removal(each)))
                .toArray(SignedGrant[]::new));
    try (var warnings = new LoggedWarnings("dev.corvid.node")) {
      peer.obey(slice, true);
      peer.obey(slice, true);
      assertThat(warnings.messages()).hasSize(21);
      assertThat(warnings.messages().getLast()).contains("30 more");
    }
  }

  /** What is not named may be removed for good only when the whole slice was obeyed. */
  @Test
  void remembersARefusalToTheEndOfTheSlice() throws IOException {
    assertThat(peer.obey(slice("uid-1", stranger.sign(removal(1))), true)).isFalse();
    assertThat(peer.obey(slice(null, keys.sign(removal(2))), false)).isFalse();
    assertThat(peer.obey(slice(null, keys.sign(removal(2))), true)).isTrue();
  }

  private static NodeAssignments slice(String next, SignedGrant... grants) {
    return new NodeAssignments(
        "tracker-1",
        1,
        "",
        Arrays.stream(grants)
            .map(each -> new NodeAssignments.Entry(each, List.of(), null))
            .toList(),
        next);
  }

  private static Grant removal(int number) {
    return new Grant(
        "uid-" + number,
        new ReleaseName("search", "ranking-" + number),
        null,
        "models",
        1,
        0,
        number,
        Grant.Action.REMOVE,
        null,
        null,
        List.of(),
        DeletionPolicy.DELETE,
        List.of(PlayedOperator.NODE));
  }
}
