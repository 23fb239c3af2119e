package dev.corvid.operator.release.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.operator.metadata.ResourceNames;
import dev.corvid.wire.operator.Push;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NodeAddressesTest {
  private final Map<String, Push.Node> told = new HashMap<>();
  private final NodeAddresses addresses = new NodeAddresses(told::put);

  @Test
  void tellsTheZoneOfANodeAndAnotherOneWhenItChanges() {
    addresses.seen(node("a", "east"));
    assertThat(told).isEqualTo(Map.of("a", new Push.Node("east", "")));

    addresses.seen(node("a", "west"));
    assertThat(told).isEqualTo(Map.of("a", new Push.Node("west", "")));
  }

  @Test
  void tellsNothingAtAHeartbeat() {
    addresses.seen(node("a", "east"));
    told.clear();

    addresses.seen(node("a", "east"));

    assertThat(told).isEmpty();
  }

  @Test
  void tellsTheAddressOfThePeerThatWasMadeLast() {
    addresses.seen(node("a", "east"));
    addresses.seen(peer("old", "a", "2026-01-01T00:00:00Z", "10.0.0.1"));
    addresses.seen(peer("new", "a", "2026-01-02T00:00:00Z", "10.0.0.2"));
    assertThat(told).isEqualTo(Map.of("a", new Push.Node("east", "10.0.0.2")));

    addresses.gone(peer("new", "a", "2026-01-02T00:00:00Z", "10.0.0.2"));
    assertThat(told).isEqualTo(Map.of("a", new Push.Node("east", "10.0.0.1")));
  }

  @Test
  void aPeerMayBeKnownBeforeItsNode() {
    addresses.seen(peer("p", "a", "2026-01-01T00:00:00Z", "10.0.0.1"));
    assertThat(told).isEqualTo(Map.of("a", Push.Node.UNKNOWN));

    addresses.seen(node("a", null));
    assertThat(told).isEqualTo(Map.of("a", new Push.Node("", "10.0.0.1")));
  }

  @Test
  void aNodeThatIsGoneIsNowhere() {
    addresses.seen(node("a", "east"));
    addresses.seen(peer("p", "a", "2026-01-01T00:00:00Z", "10.0.0.1"));

    addresses.gone(node("a", "east"));

    assertThat(told).isEqualTo(Map.of("a", Push.Node.UNKNOWN));
  }

  @Test
  void aPodThatTheDaemonSetDidNotMakeIsNoPeer() {
    addresses.seen(node("a", "east"));
    var forged = peer("p", "a", "2026-01-01T00:00:00Z", "10.0.0.1");
    forged.getMetadata().getOwnerReferences().getFirst().setName("another");

    addresses.seen(forged);

    assertThat(told).isEqualTo(Map.of("a", new Push.Node("east", "")));
  }

  private static Node node(String name, String zone) {
    return new NodeBuilder()
        .withNewMetadata()
        .withName(name)
        .addToLabels(zone == null ? Map.of() : Map.of(ResourceNames.ZONE, zone))
        .endMetadata()
        .build();
  }

  private static Pod peer(String uid, String node, String created, String address) {
    return new PodBuilder()
        .withNewMetadata()
        .withName(uid)
        .withUid(uid)
        .withCreationTimestamp(created)
        .addNewOwnerReference()
        .withApiVersion("apps/v1")
        .withKind("DaemonSet")
        .withName(ResourceNames.PEER)
        .withController(true)
        .endOwnerReference()
        .endMetadata()
        .withNewSpec()
        .withNodeName(node)
        .endSpec()
        .withNewStatus()
        .withPodIP(address)
        .endStatus()
        .build();
  }
}
