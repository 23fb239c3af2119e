package dev.corvid.e2e.scenario.hostile;

import dev.corvid.e2e.Command;
import dev.corvid.e2e.cluster.Kubectl;
import dev.corvid.e2e.scenario.Lab;
import dev.corvid.e2e.scenario.Tenant;
import java.io.IOException;
import java.net.URI;

/**
 * A tenant with the role {@code edit} in a namespace of its own, who may make SwarmReleases there;
 * what is done as this user is refused wherever the API server refuses such a tenant.
 */
record Mallory(Tenant tenant, Attacker pods) {
  private static final String USER = "mallory";

  /**
   * @param namespace one for each class: the last one may still be terminating
   */
  static Mallory in(Lab lab, String namespace) throws IOException {
    var tenant = Tenant.in(lab, namespace);
    lab.kubectl()
        .apply(
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: {name: releases, namespace: %1$s}
            rules: [{apiGroups: [corvid.dev], resources: [swarmreleases], verbs: ["*"]}]
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: releases, namespace: %1$s}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: releases}
            subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: mallory}]
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: edit, namespace: %1$s}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}
            subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: mallory}]
            """
                .formatted(namespace));
    return new Mallory(tenant, new Attacker(tenant));
  }

  Kubectl kubectl() {
    return new Kubectl(tenant.lab().kubectl().with("--as=" + USER, "-n", tenant.namespace()));
  }

  /** {@code kubectl apply} of a release as this user. */
  void apply(String name, String spec) {
    kubectl().apply(tenant.manifest(name, spec));
  }

  /** A release from a source of its own, with the digest of what is not its own. */
  void applyWithDigest(String name, URI own, String digest) {
    apply(
        name,
        """
        source: {http: {url: "%s", digest: "%s"}}
        nodes: {selector: {}}
        """
            .formatted(own, digest));
  }

  /** {@code kubectl create}, which sends no more than is given, whatever comes of it. */
  Command.Outcome tries(String yaml) {
    return kubectl().with("create", "-f", "-").outcome(yaml);
  }

  /** A release that nobody's node is to fetch: its seeder is to run where there is no node. */
  String small(String name) {
    return tenant.manifest(
        name,
        """
        source: {http: {url: "http://192.0.2.1/a.tar"}}
        nodes: {selector: {}}
        seeder: {nodeSelector: {no: where}}
        """);
  }
}
