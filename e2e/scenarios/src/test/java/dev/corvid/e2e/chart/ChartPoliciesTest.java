package dev.corvid.e2e.chart;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** That a real network obeys what is rendered here is shown by the scenarios. */
class ChartPoliciesTest {
  private final Rendered defaults = Rendered.withDefaults();

  @Test
  void peersAcceptBitTorrentFromPeersOnly() {
    assertThat(policy(defaults, "corvid-peer").getSpec().getIngress())
        .singleElement()
        .satisfies(
            rule -> {
              assertThat(port(rule)).isEqualTo(6881);
              assertThat(rule.getFrom())
                  .singleElement()
                  .satisfies(
                      peer -> {
                        assertThat(component(peer)).isEqualTo("peer");
                        assertThat(peer.getNamespaceSelector()).isNull();
                      });
            });
  }

  @Test
  void theTrackerAcceptsSeedersOfEveryNamespace() {
    List<NetworkPolicyPeer> from =
        policy(defaults, "corvid-tracker").getSpec().getIngress().getFirst().getFrom();

    assertThat(from)
        .extracting(ChartPoliciesTest::component)
        .containsExactly("peer", "operator", "seeder");
    assertThat(from.getLast().getNamespaceSelector()).isNotNull();
    assertThat(from.getLast().getNamespaceSelector().getMatchLabels()).isNullOrEmpty();
  }

  @Test
  void nothingIsScrapedUnlessANamespaceIsNamed() {
    assertThat(defaults.all(NetworkPolicy.class))
        .hasSize(3)
        .flatExtracting(policy -> policy.getSpec().getIngress())
        .extracting(ChartPoliciesTest::port)
        .containsExactlyInAnyOrder(6881, 7070);

    var scraped =
        Rendered.with(
            """
            networkPolicies: {monitoringNamespaces: [prometheus], seeders: {namespaces: [ads]}}
            peer: {httpPort: 19090}
            """);

    assertThat(scraped.all(NetworkPolicy.class))
        .allSatisfy(
            policy ->
                assertThat(
                        policy
                            .getSpec()
                            .getIngress()
                            .getLast()
                            .getFrom()
                            .getFirst()
                            .getNamespaceSelector()
                            .getMatchExpressions()
                            .getFirst()
                            .getValues())
                    .containsExactly("prometheus"))
        .extracting(policy -> port(policy.getSpec().getIngress().getLast()))
        .containsExactlyInAnyOrder(19090, 9090, 8080, 9090);
  }

  @Test
  void peersOnTheNodesNetworkComeFromTheNodesAddresses() {
    var listed =
        Rendered.with(
            """
            peer: {hostNetwork: true}
            networkPolicies: {nodeCIDRs: [10.1.0.0/16], seeders: {namespaces: [ads]}}
            """);

    assertThat(names(listed))
        .containsExactly("corvid-tracker", "corvid-operator", "ads/corvid-seeder");
    for (String name : List.of("corvid-tracker", "corvid-seeder")) {
      assertThat(policy(listed, name).getSpec().getIngress().getFirst().getFrom().getFirst())
          .extracting(peer -> peer.getIpBlock().getCidr())
          .isEqualTo("10.1.0.0/16");
    }

    var unlisted = Rendered.with("peer: {hostNetwork: true}");

    assertThat(policy(unlisted, "corvid-tracker").getSpec().getIngress().getFirst().getFrom())
        .isEmpty();
  }

  @Test
  void seedersAcceptThePeersOfCorvidsNamespace() {
    var rendered =
        Rendered.with(
            """
            watchNamespaces: [search]
            networkPolicies: {seeders: {namespaces: [ads, search]}}
            """);

    assertThat(names(rendered)).contains("search/corvid-seeder", "ads/corvid-seeder").hasSize(5);
    var spec = policy(rendered, "corvid-seeder").getSpec();
    assertThat(spec.getPolicyTypes()).containsExactly("Ingress");
    assertThat(spec.getIngress().getFirst().getFrom())
        .singleElement()
        .satisfies(
            peer -> {
              assertThat(component(peer)).isEqualTo("peer");
              assertThat(peer.getNamespaceSelector().getMatchLabels())
                  .isEqualTo(Map.of("kubernetes.io/metadata.name", Rendered.NAMESPACE));
            });
  }

  @Test
  void egressOfSeedersIsDnsTheTrackerAndTheListedSources() {
    var spec =
        policy(
                Rendered.with(
                    "networkPolicies: {seeders: {namespaces: [ads], egress: [10.20.0.0/16]}}"),
                "corvid-seeder")
            .getSpec();

    assertThat(spec.getPolicyTypes()).containsExactly("Ingress", "Egress");
    assertThat(spec.getEgress()).hasSize(3);
    assertThat(spec.getEgress().getFirst().getPorts()).extracting("protocol").contains("UDP");
    assertThat(component(spec.getEgress().get(1).getTo().getFirst())).isEqualTo("tracker");
    assertThat(spec.getEgress().getLast().getTo().getFirst().getIpBlock().getCidr())
        .isEqualTo("10.20.0.0/16");
  }

  @Test
  void thereAreNoneIfTold() {
    assertThat(Rendered.with("networkPolicies: {enabled: false}").all(NetworkPolicy.class))
        .isEmpty();
  }

  private static NetworkPolicy policy(Rendered rendered, String name) {
    return rendered.named(NetworkPolicy.class, name);
  }

  /** With the namespace where it is not Corvid's. */
  private static List<String> names(Rendered rendered) {
    return rendered.all(NetworkPolicy.class).stream()
        .map(policy -> policy.getMetadata())
        .map(
            metadata ->
                metadata.getNamespace().equals(Rendered.NAMESPACE)
                    ? metadata.getName()
                    : metadata.getNamespace() + "/" + metadata.getName())
        .toList();
  }

  private static String component(NetworkPolicyPeer peer) {
    return peer.getPodSelector().getMatchLabels().get("app.kubernetes.io/component");
  }

  private static int port(NetworkPolicyIngressRule rule) {
    return rule.getPorts().getFirst().getPort().getIntVal();
  }
}
