package dev.corvid.e2e.scenario.hostile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.corvid.e2e.scenario.Lab;
import dev.corvid.e2e.scenario.Peers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** A node in other hands: it has the token of its peer, and the peer's place in the network. */
record StolenNode(Lab lab, String node) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Of a poll that begins a session; the peer itself begins another one after it. */
  static final String FULL =
      """
      {"session": "stolen", "sequence": 0, "address": "%s", "port": 6881, "full": true, "reports": [%s]}
      """;

  /** The answer, a line end, and its status. */
  String post(String path, String body) {
    return PodNetwork.in(Peers.of(lab).on(node))
        .post(PodNetwork.tracker(lab) + path, token(), body);
  }

  static String status(String answer) {
    return answer.substring(answer.lastIndexOf('\n') + 1);
  }

  /** Everything that the node reports, from an address of its choice. */
  String poll(String ofNode, String address, List<String> reports) {
    return post(
        "/v1/nodes/" + ofNode + "/poll", FULL.formatted(address, String.join(",", reports)));
  }

  String address() {
    return Peers.of(lab).on(node).getStatus().getPodIP();
  }

  /** A state of this release that no node has. */
  static String report(String uid, String namespace, String name, long epoch) {
    return """
        {"releaseUid": "%s", "release": {"namespace": "%s", "name": "%s"}, "root": "default", "epoch": %d,
         "state": "WAITING", "held": []}
        """
        .formatted(uid, namespace, name, epoch);
  }

  /** The name under which the peers of a release meet, from the grants of this node. */
  String swarmOf(String namespace, String name) {
    var answer = poll(node, address(), List.of());
    try {
      var slice = JSON.readTree(answer.substring(0, answer.lastIndexOf('\n')));
      for (var entry : slice.path("releases")) {
        var grant = JSON.readTree(entry.path("grant").path("payload").asText());
        var release = grant.path("release");
        if (release.path("namespace").asText().equals(namespace)
            && release.path("name").asText().equals(name)) {
          return swarm(grant);
        }
      }
      throw new AssertionError("no grant for " + name + " in " + answer);
    } catch (IOException e) {
      throw new UncheckedIOException(answer, e);
    }
  }

  private static String swarm(JsonNode grant) {
    var name = grant.findValue("swarm");
    return name != null && name.isTextual()
        ? name.asText()
        : grant.path("content").path("infoHash").asText();
  }

  private String token() {
    return PodNetwork.token(lab.kubectl(), Peers.of(lab).on(node));
  }
}
