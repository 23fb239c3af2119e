package dev.corvid.tracker;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.tracker.fleet.FleetState;
import dev.corvid.wire.Endpoint;
import dev.corvid.wire.Wire;
import dev.corvid.wire.grant.Grant;
import dev.corvid.wire.grant.SignedGrant;
import dev.corvid.wire.node.NodeAssignments;
import dev.corvid.wire.node.NodePoll;
import dev.corvid.wire.operator.Push;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LongAssignmentsTest {
  /** What a peer reads of one answer. */
  private static final int A_PEER_READS = 4 << 20;

  private static final String LONGEST_ADDRESS = "fd12:3456:789a:bcde:f012:3456:789a:b%03x";

  /** Of an answer, around its entries. */
  private static final int FRAME = 512;

  private static final int RELEASES = 5_000;
  private static final int PUSHED_AT_ONCE = 250;

  @TempDir Path directory;

  @Test
  void aSliceOfThousands() throws Exception {
    try (var tracker = new TestTracker(directory, Duration.ofSeconds(60))) {
      String instance = tracker.instance();
      for (int first = 0; first < RELEASES; first += PUSHED_AT_ONCE) {
        Push.Release[] releases =
            IntStream.range(first, first + PUSHED_AT_ONCE)
                .mapToObj(LongAssignmentsTest::release)
                .toArray(Push.Release[]::new);
        assertThat(tracker.push(Samples.push(instance, releases)).statusCode()).isEqualTo(200);
      }

      Set<SignedGrant> told = new HashSet<>();
      NodePoll poll = Samples.poll();
      while (poll != null) {
        byte[] answer =
            tracker.send("/v1/nodes/node-1/poll", tracker.cluster.peerToken("node-1"), poll).body();
        assertThat(answer.length).isLessThan(A_PEER_READS);
        NodeAssignments assignments = Wire.decode(answer, NodeAssignments.class);
        assignments.releases().forEach(each -> assertThat(told.add(each.grant())).isTrue());
        poll = assignments.next() == null ? null : Samples.poll(assignments.next());
      }
      assertThat(told).hasSize(RELEASES);
    }
  }

  @Test
  void neighboursCountAsPartOfAnAnswer() throws Exception {
    int nodes = FleetState.SAMPLE + 1;
    var state = new FleetState("instance", new Random(1));
    Map<String, Push.Node> places =
        IntStream.range(0, nodes)
            .boxed()
            .collect(toMap(i -> "n" + i, i -> new Push.Node("", LONGEST_ADDRESS.formatted(i))));
    places.keySet().forEach(node -> state.heard(node, new Endpoint("10.0.0.1", 16881), 0));
    List<Push.Release> releases =
        IntStream.range(0, 2_400)
            .mapToObj(
                number -> {
                  String[] others =
                      IntStream.range(1, nodes).mapToObj(i -> "n" + i).toArray(String[]::new);
                  return new Push.Release(
                      "u" + number, List.of(grant(number, "n0"), grant(number, others)), null);
                })
            .toList();
    state.push(new Push("instance", 0, true, releases, List.of(), places));

    int told = 0;
    String from = "";
    while (from != null) {
      NodeAssignments part = state.assignments("n0", from);
      assertThat(part.releases().getFirst().neighbours()).hasSize(FleetState.SAMPLE);
      assertThat(Wire.encode(part).length).isLessThan(FleetState.PART_BYTES + FRAME);
      told += part.releases().size();
      from = part.next();
    }
    assertThat(told).isEqualTo(releases.size());
  }

  private static SignedGrant grant(int number, String... nodes) {
    Grant grant = Samples.grant("u" + number, 1, Samples.content(number), nodes);
    String payload = new String(Wire.encode(grant), StandardCharsets.UTF_8);
    return new SignedGrant(payload, "key-0123456789abcdef", "c".repeat(88));
  }

  /** For as many nodes as one grant names, with names as long as a cloud's. */
  private static Push.Release release(int number) {
    String uid = "%08d-0000-0000-0000-000000000000".formatted(number);
    List<String> nodes = new ArrayList<>(List.of("node-1"));
    for (int i = 1; i < Grant.MAX_NODES; i++) {
      nodes.add("gke-production-europe-west4-%011d-abc".formatted(i));
    }
    Grant grant = Samples.grant(uid, 1, Samples.content(number), nodes.toArray(String[]::new));
    String payload = new String(Wire.encode(grant), StandardCharsets.UTF_8);
    return new Push.Release(uid, List.of(new SignedGrant(payload, "key", "c2ln")), null);
  }
}
