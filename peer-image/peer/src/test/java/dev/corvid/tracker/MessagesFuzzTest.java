package dev.corvid.tracker;

import dev.corvid.fuzz.HostileBytes;
import dev.corvid.wire.Endpoint;
import dev.corvid.wire.Wire;
import dev.corvid.wire.WireException;
import dev.corvid.wire.grant.Grant;
import dev.corvid.wire.grant.SignedGrant;
import dev.corvid.wire.node.Neighbours;
import dev.corvid.wire.node.NodeAssignments;
import dev.corvid.wire.node.NodeReport;
import dev.corvid.wire.operator.Fleet;
import dev.corvid.wire.operator.FleetPoll;
import dev.corvid.wire.operator.Push;
import dev.corvid.wire.seeder.SeederReport;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Everything that operator, tracker, seeder and peer say to each other, damaged. */
class MessagesFuzzTest {
  private static final Grant GRANT = Samples.grant(Samples.UID, 1, Samples.content(0), "node-1");
  private static final SignedGrant SIGNED =
      new SignedGrant(new String(Wire.encode(GRANT), StandardCharsets.UTF_8), "key", "c2ln");
  private static final NodeReport REPORT = Samples.report(NodeReport.State.FAILED, 9);
  private static final SeederReport SEEDER = Samples.seeding(0);

  static Stream<Object> everyMessage() {
    return Stream.of(
        Samples.push("tracker-1", Samples.UID, Samples.seeder("10.0.0.9", 0), SIGNED),
        new FleetPoll("tracker-1", 7, 1 << 20),
        new Fleet(
            "tracker-1",
            8,
            false,
            true,
            List.of(new Fleet.Node("node-1", true)),
            List.of(
                new Fleet.Release(
                    Samples.UID,
                    Samples.heard(0, "10.0.0.9"),
                    List.of(new Fleet.NodeState("node-1", REPORT))))),
        Samples.poll(REPORT),
        Samples.reports(2, REPORT),
        new NodeAssignments(
            "tracker-1",
            5,
            "a-1",
            List.of(new NodeAssignments.Entry(SIGNED, List.of("10.0.0.1:1"), "b:2")),
            "uid-1"),
        new Neighbours(List.of("198.18.1.2:6881"), "198.18.1.3:6881"),
        SEEDER,
        GRANT);
  }

  @ParameterizedTest
  @MethodSource("everyMessage")
  void isReadOrRefused(Object message) throws Exception {
    HostileBytes.like(Wire.encode(message))
        .refusedBy(WireException.class)
        .into(3_000, received -> readWhole(Wire.decode(received, message.getClass())));
  }

  /** What is behind a signature is read only when that is right; a relay looks into it before. */
  private static void readWhole(Object message) throws WireException {
    if (message instanceof Push push && push.releases() != null) {
      for (var release : push.releases()) {
        for (var grant : release.grants()) {
          grant.unverified();
        }
      }
    }
    Wire.encode(message);
  }

  @Test
  void addresses() throws Exception {
    HostileBytes.like("10.1.2.3:6881".getBytes(), "[fd00::7]:6881".getBytes())
        .refusedBy(IllegalArgumentException.class)
        .into(3_000, text -> Endpoint.parse(new String(text, StandardCharsets.ISO_8859_1)));
  }
}
