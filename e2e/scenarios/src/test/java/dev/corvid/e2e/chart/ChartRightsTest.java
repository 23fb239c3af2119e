package dev.corvid.e2e.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicy;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ChartRightsTest {
  private final Rendered everywhere = Rendered.withDefaults();

  @Test
  void nothingIsGrantedByWildcard() {
    assertThat(rules(everywhere))
        .allSatisfy(
            rule ->
                assertThat(Stream.of(rule.getVerbs(), rule.getResources(), rule.getApiGroups()))
                    .noneMatch(list -> list.contains("*")));
  }

  @Test
  void noSecretCanBeReadButItsOwn() {
    assertThat(clusterRole(everywhere).getRules()).noneMatch(rule -> concerns(rule, "secrets"));
    assertThat(rules(everywhere))
        .filteredOn(rule -> concerns(rule, "secrets") && !rule.getVerbs().equals(List.of("create")))
        .singleElement()
        .satisfies(
            rule -> {
              assertThat(rule.getResourceNames()).containsExactly("corvid-signing");
              assertThat(rule.getVerbs()).containsOnly("get", "list", "watch");
            });
  }

  @Test
  void usersGetReleasesButNotTheirStatus() {
    for (var name : List.of("corvid-edit", "corvid-view")) {
      assertThat(everywhere.named(ClusterRole.class, name).getRules())
          .allSatisfy(
              rule -> {
                assertThat(rule.getApiGroups()).containsExactly("corvid.dev");
                assertThat(rule.getResources()).containsExactly("swarmreleases");
              });
    }
    assertThat(everywhere.named(ClusterRole.class, "corvid-edit").getMetadata().getLabels())
        .containsEntry("rbac.authorization.k8s.io/aggregate-to-edit", "true")
        .containsEntry("rbac.authorization.k8s.io/aggregate-to-admin", "true");
    assertThat(everywhere.named(ClusterRole.class, "corvid-view").getMetadata().getLabels())
        .containsEntry("rbac.authorization.k8s.io/aggregate-to-view", "true");
    assertThat(Rendered.with("roles: {aggregate: false}").all(ClusterRole.class))
        .flatExtracting(role -> role.getMetadata().getLabels().keySet())
        .noneMatch(label -> ((String) label).contains("aggregate-to"));
  }

  @Test
  void eventsAreWrittenAndThoseOfPodsListed() {
    assertThat(rules(everywhere))
        .filteredOn(rule -> concerns(rule, "events"))
        .extracting(PolicyRule::getApiGroups, PolicyRule::getVerbs)
        .containsExactlyInAnyOrder(
            tuple(List.of("events.k8s.io"), List.of("get", "create", "patch")),
            tuple(List.of(""), List.of("list")));
  }

  @Test
  void nodesAreOnlyRead() {
    assertThat(rules(everywhere))
        .filteredOn(rule -> concerns(rule, "nodes"))
        .allSatisfy(rule -> assertThat(rule.getVerbs()).containsOnly("get", "list", "watch"));
  }

  @Test
  void nodesArePatchedOnlyWhereTheirLabelsAreWanted() {
    var labels = Rendered.with("nodeLabels: {enabled: true}");

    assertThat(clusterRole(labels).getRules())
        .filteredOn(rule -> concerns(rule, "nodes"))
        .singleElement()
        .satisfies(
            rule ->
                assertThat(rule.getVerbs())
                    .containsExactlyInAnyOrder("get", "list", "watch", "patch"));
    assertThat(labels.named(ValidatingAdmissionPolicy.class, "corvid-operator-nodes")).isNotNull();
  }

  @Test
  void nothingCanRunInPodsOrRaiseItsRights() {
    assertThat(rules(everywhere))
        .flatExtracting(PolicyRule::getResources)
        .doesNotContain("pods/exec", "pods/ephemeralcontainers", "serviceaccounts/token", "roles");
    assertThat(rules(everywhere))
        .flatExtracting(PolicyRule::getVerbs)
        .doesNotContain("escalate", "bind", "impersonate");
  }

  @Test
  void watchedNamespacesAreAllThatIsOpen() {
    var some = Rendered.with("watchNamespaces: [search, ads]");

    assertThat(clusterRole(some).getRules())
        .noneMatch(rule -> concerns(rule, "pods") || concerns(rule, "swarmreleases"));
    assertThat(some.all(Role.class))
        .filteredOn(role -> role.getMetadata().getName().equals("corvid-operator-releases"))
        .extracting(role -> role.getMetadata().getNamespace())
        .containsExactlyInAnyOrder("ads", "search");
  }

  @Test
  void ofNamespacesOnlyThoseWithReleasesAreReadByName() {
    assertThat(rules(everywhere))
        .filteredOn(rule -> concerns(rule, "namespaces"))
        .singleElement()
        .satisfies(rule -> assertThat(rule.getVerbs()).containsExactly("get"));
    assertThat(clusterRole(Rendered.with("watchNamespaces: [search]")).getRules())
        .noneMatch(rule -> concerns(rule, "namespaces"));
  }

  private static boolean concerns(PolicyRule rule, String resource) {
    return rule.getResources().contains(resource);
  }

  private static ClusterRole clusterRole(Rendered rendered) {
    return rendered.named(ClusterRole.class, "corvid-operator");
  }

  private static List<PolicyRule> rules(Rendered rendered) {
    return Stream.concat(
            rendered.all(ClusterRole.class).stream().map(ClusterRole::getRules),
            rendered.all(Role.class).stream().map(Role::getRules))
        .flatMap(List::stream)
        .toList();
  }
}
