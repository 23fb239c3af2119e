package dev.corvid.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.wire.config.Roots;
import dev.corvid.wire.config.Trust;
import dev.corvid.wire.grant.Content;
import dev.corvid.wire.grant.DeletionPolicy;
import dev.corvid.wire.grant.Grant;
import dev.corvid.wire.grant.NodeLimits;
import dev.corvid.wire.grant.ReleaseName;
import dev.corvid.wire.grant.SignedGrant;
import dev.corvid.wire.grant.SwarmKey;
import dev.corvid.wire.node.Neighbours;
import dev.corvid.wire.node.NodeAssignments;
import dev.corvid.wire.node.NodePoll;
import dev.corvid.wire.node.NodeReport;
import dev.corvid.wire.node.NodeReports;
import dev.corvid.wire.node.SessionSequence;
import dev.corvid.wire.operator.Fleet;
import dev.corvid.wire.operator.FleetPoll;
import dev.corvid.wire.operator.Push;
import dev.corvid.wire.operator.Pushed;
import dev.corvid.wire.seeder.Publication;
import dev.corvid.wire.seeder.SeederLimits;
import dev.corvid.wire.seeder.SeederReport;
import dev.corvid.wire.seeder.SeederTask;
import dev.corvid.wire.text.Rate;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class WireTest {
  private static final String DIGEST = "sha256:" + "0123456789abcdef".repeat(4);
  private static final Content CONTENT = new Content(DIGEST, "ab".repeat(20), 1 << 18, 12_345, 7);
  private static final ReleaseName NAME = new ReleaseName("search", "model");
  private static final Grant GRANT =
      new Grant(
          "uid-1",
          NAME,
          null,
          "default",
          3,
          0,
          99,
          Grant.Action.ACTIVATE,
          CONTENT,
          CONTENT.infoHash(),
          List.of(DIGEST),
          DeletionPolicy.RETAIN,
          List.of("node-1", "node-2.example"));
  private static final Grant LIMITED =
      new Grant(
          "uid-1",
          NAME,
          null,
          "default",
          3,
          0,
          99,
          Grant.Action.HOLD,
          CONTENT,
          CONTENT.infoHash(),
          List.of(),
          null,
          List.of("node-1"),
          new NodeLimits(0, 10_000_000));
  private static final SignedGrant SIGNED = new SignedGrant("{}", "key", "c2lnbmF0dXJl");
  private static final NodeReport REPORT =
      new NodeReport(
          "uid-1",
          NAME,
          "default",
          0,
          99,
          NodeReport.State.FAILED,
          DIGEST,
          null,
          List.of(DIGEST),
          1,
          2,
          3,
          4,
          5,
          Reason.InsufficientDisk,
          "needs 3Gi, 1Gi is free",
          2,
          null,
          null);
  private static final Publication PUBLICATION =
      Publication.prove("uid-1", DIGEST, DIGEST, CONTENT, 4096, new byte[32]);
  private static final SeederReport SEEDER =
      new SeederReport(SeederReport.State.SEEDING, 6881, 1, 2, PUBLICATION, 3, null, null);

  static Stream<Object> everyRecord() {
    return Stream.of(
        CONTENT,
        GRANT,
        SIGNED,
        REPORT,
        PUBLICATION,
        SEEDER,
        new NodePoll("session-1", 5, 6881, true, List.of(REPORT), "uid-9"),
        new NodeReports(new SessionSequence("session-1", 2), List.of(REPORT)),
        new NodeAssignments(
            "tracker-1",
            5,
            "a-1",
            List.of(new NodeAssignments.Entry(SIGNED, List.of("a:1"), "b:2")),
            "uid-1"),
        new Neighbours(List.of("198.18.1.2:6881"), null),
        new Push(
            "tracker-1",
            7,
            true,
            List.of(
                new Push.Release(
                    "uid-1",
                    List.of(SIGNED),
                    new Push.Seeder("pod-uid", "fd00::7", "0".repeat(40), "1".repeat(40)),
                    1,
                    true)),
            List.of("uid-2"),
            Map.of("node-1", new Push.Node("a-1", "198.18.1.2"), "node-2", Push.Node.UNKNOWN)),
        new Pushed("tracker-1", 8, true),
        new FleetPoll(null, 0, 1 << 20),
        new Fleet(
            "tracker-1",
            8,
            false,
            true,
            List.of(new Fleet.Node("node-1", true)),
            List.of(
                new Fleet.Release(
                    "uid-1",
                    new Fleet.Seeder("pod-uid", "198.18.1.2", SEEDER),
                    List.of(new Fleet.NodeState("n-1", REPORT))))),
        new Trust(Map.of("key", "AAAA"), "https://issuer", "{}", "peer", "operator"),
        new Roots(
            List.of(
                new Roots.Root(
                    "models",
                    "/data",
                    List.of("search"),
                    "10Gi",
                    "1Ti",
                    "1m",
                    Map.of("search", "10Gi"),
                    Map.of("*", 1000L),
                    "1h",
                    Roots.Root.Sharing.ROOT))),
        new SeederTask(
            "uid-1",
            NAME,
            DIGEST,
            SwarmKey.of(new byte[32]),
            "http://tracker:7070",
            new SeederTask.Http("https://a/b.zip", List.of("https://b/b.zip"), DIGEST),
            DIGEST,
            new SeederTask.Files(List.of("*.bin"), List.of(".git*")),
            new SeederTask.Unpack("Zip", 1, "LeaveOut"),
            new SeederTask.Pinned(DIGEST, CONTENT),
            1 << 18,
            1 << 30,
            new SeederTask.Egress(
                "http://proxy:3128",
                true,
                List.of(".svc"),
                List.of("127.0.0.0/8"),
                List.of("10.0.0.0/8")),
            new SeederLimits(1 << 20, 2 << 20)),
        LIMITED,
        new SeederLimits(1 << 20, 0),
        new Push.Seeder("pod-uid", null, null, null, new SeederLimits(0, 1 << 20)));
  }

  /** Linux takes no variable of 128 KiB; Kubernetes replaces a "$" in one. */
  @Test
  void theLargestTaskFitsIntoVariables() throws Exception {
    var pattern = "\u0001".repeat(255);
    var url = "https://a/" + "$".repeat(2038);
    var address = "ff02:0000:0000:0000:0000:0000:0000:0001/128";
    var task =
        new SeederTask(
            "uid-1",
            NAME,
            DIGEST,
            SwarmKey.of(new byte[32]),
            "http://tracker:7070",
            new SeederTask.Http(url, Collections.nCopies(7, url), DIGEST),
            DIGEST,
            new SeederTask.Files(
                Collections.nCopies(32, pattern),
                Collections.nCopies(32, "\ud83d\udce6".repeat(255))),
            null,
            new SeederTask.Pinned(DIGEST, CONTENT),
            1 << 18,
            1 << 30,
            new SeederTask.Egress(
                "http://proxy:3128",
                true,
                Collections.nCopies(256, "a".repeat(253)),
                Collections.nCopies(64, address),
                Collections.nCopies(256, address)),
            null);

    var environment = task.environment();

    assertThat(environment)
        .containsKeys("CORVID_SEEDER", "CORVID_SEEDER_2")
        .allSatisfy((name, value) -> assertThat(name + value).hasSizeLessThan((128 << 10) - 2))
        .allSatisfy((name, value) -> assertThat(value).isASCII().doesNotContain("$"));
    assertThat(SeederTask.of(environment)).isEqualTo(task);
  }

  @Test
  void whatIsNotLimitedCostsNoByte() {
    assertThat(json(GRANT)).doesNotContain("limits");
    assertThat(json(LIMITED)).contains("\"limits\":{\"upload\":10000000}");
    assertThat(json(SeederLimits.NONE)).isEqualTo("{}");
    assertThat(json(new Push.Seeder("pod-uid", null, null, null, SeederLimits.NONE)))
        .doesNotContain("limits");
  }

  @Test
  void aRateIsAtLeastWhatATransferNeeds() {
    assertThatThrownBy(() -> new NodeLimits(Rate.LEAST - 1, 0)).hasMessageContaining("download");
    assertThatThrownBy(() -> new NodeLimits(0, -1)).hasMessageContaining("upload");
    assertThatThrownBy(() -> new SeederLimits(Rate.MOST + 1, 0)).hasMessageContaining("origin");
  }

  private static String json(Object message) {
    return new String(Wire.encode(message), StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @MethodSource("everyRecord")
  void whatIsDecodedIsWhatWasEncoded(Object message) throws WireException {
    assertThat(Wire.decode(Wire.encode(message), message.getClass())).isEqualTo(message);
  }

  @ParameterizedTest
  @MethodSource("everyRecord")
  void fieldsOfLaterVersionsAreIgnored(Object message) throws WireException {
    String json = new String(Wire.encode(message), StandardCharsets.UTF_8);
    String later = "{\"ofALaterVersion\":{\"a\":[1]}," + json.substring(1);
    assertThat(decode(later, message.getClass())).isEqualTo(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{",
        "{} {}",
        "{\"manifestDigest\":\"sha256:12\"}",
        "{\"sizeBytes\":\"many\"}",
        "{\"sizeBytes\":1e400}"
      })
  void malformedContentIsRefused(String json) {
    assertThatThrownBy(() -> decode(json, Content.class)).isInstanceOf(WireException.class);
  }

  @Test
  void nestingIsBounded() {
    String json = "{\"a\":" + "[".repeat(100_000) + "}";
    assertThatThrownBy(() -> decode(json, Grant.class)).isInstanceOf(WireException.class);
  }

  @Test
  void namesThatWouldLeaveTheRootAreNotNames() {
    for (String name : List.of("..", "a/b", "", "A", "a.b", "-a", "a".repeat(64))) {
      assertThatThrownBy(() -> new ReleaseName("search", name))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aReasonOfALaterVersionStillReads() throws WireException {
    String json = new String(Wire.encode(REPORT), StandardCharsets.UTF_8);
    NodeReport report = decode(json.replace("InsufficientDisk", "OutOfInodes"), NodeReport.class);
    assertThat(report.reason()).isEqualTo(Reason.Progressing);
    assertThat(report.message()).isEqualTo(REPORT.message());
  }

  @Test
  void anActionOfALaterVersionIsRefused() {
    String json = new String(Wire.encode(GRANT), StandardCharsets.UTF_8);
    assertThatThrownBy(() -> decode(json.replace("ACTIVATE", "SHRED"), Grant.class))
        .isInstanceOf(WireException.class);
  }

  private static <T> T decode(String json, Class<T> type) throws WireException {
    return Wire.decode(json.getBytes(StandardCharsets.UTF_8), type);
  }
}
