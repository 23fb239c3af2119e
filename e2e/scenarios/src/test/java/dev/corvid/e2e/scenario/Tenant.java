package dev.corvid.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.e2e.content.SampleRelease;
import dev.corvid.e2e.reader.Tree;
import dev.corvid.e2e.source.Answer;
import dev.corvid.wire.grant.Content;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClientTimeoutException;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Somebody with a namespace under Pod Security <i>restricted</i>, who releases things. */
public record Tenant(Lab lab, String namespace) {
  public static final Duration SOON = Duration.ofSeconds(90);

  public static Tenant in(Lab lab, String namespace) {
    lab.client()
        .resource(
            new NamespaceBuilder()
                .withNewMetadata()
                .withName(namespace)
                .withLabels(Map.of("pod-security.kubernetes.io/enforce", "restricted"))
                .endMetadata()
                .build())
        .serverSideApply();
    return new Tenant(lab, namespace);
  }

  /**
   * Has the content served under this name, as an archive of the form that the name's suffix says.
   */
  public URI serve(String fileName, SampleRelease content) throws IOException {
    return lab.source().on(path(fileName), new Answer.Content(content.archive(archive(fileName))));
  }

  /** The file that is served under this name. */
  public Path archive(String fileName) {
    return lab.archives().resolve(namespace + "-" + fileName);
  }

  public URI serve(String fileName, Answer answer) {
    return lab.source().on(path(fileName), answer);
  }

  /** Where the source has a file of this tenant. */
  public String path(String fileName) {
    return "/" + namespace + "/" + fileName;
  }

  /** {@code kubectl apply} of a release for all nodes, from this URL. */
  public void apply(String name, URI url) {
    apply(
        name,
        """
        source: {http: {url: "%s"}}
        nodes: {selector: {}}
        """
            .formatted(url));
  }

  /** The same, from a seeder on this node. */
  public void apply(String name, URI url, String seeder) {
    apply(
        name,
        """
        source: {http: {url: "%s"}}
        nodes: {selector: {}}
        seeder: {nodeSelector: {kubernetes.io/hostname: %s}}
        """
            .formatted(url, seeder));
  }

  public void apply(String name, String spec) {
    lab.kubectl().apply(manifest(name, spec));
  }

  public String manifest(String name, String spec) {
    return """
        apiVersion: corvid.dev/v1alpha1
        kind: SwarmRelease
        metadata: {name: %s, namespace: %s}
        spec:
        """
            .formatted(name, namespace)
        + spec.indent(2);
  }

  public Resource<SwarmRelease> release(String name) {
    return lab.client().resources(SwarmRelease.class).inNamespace(namespace).withName(name);
  }

  /** What the ControllerRevision of a release says that has one revision. */
  public Recorded recorded(String name) {
    var data =
        lab.client()
            .genericKubernetesResources("apps/v1", "ControllerRevision")
            .inNamespace(namespace)
            .withLabel("corvid.dev/release", name)
            .list()
            .getItems()
            .getFirst();
    return new Recorded(
        data.get("data", "sourceDigest"),
        new Content(
            data.get("data", "digest"),
            data.get("data", "infoHash"),
            ((Number) data.get("data", "pieceLength")).intValue(),
            ((Number) data.get("data", "sizeBytes")).longValue(),
            ((Number) data.get("data", "fileCount")).intValue()));
  }

  public record Recorded(String sourceDigest, Content content) {}

  /** Ready for the spec as it is now. */
  public SwarmRelease awaitReady(String name) {
    return awaitReady(name, SOON);
  }

  public SwarmRelease awaitReady(String name, Duration limit) {
    return await(name, limit, "is Ready", release -> isReady(release));
  }

  public static boolean isReady(SwarmRelease release) {
    return condition(release, "Ready")
        .filter(ready -> ready.getStatus().equals("True"))
        .filter(
            ready -> release.getMetadata().getGeneration().equals(ready.getObservedGeneration()))
        .isPresent();
  }

  /** Waits until the release says why it is not Ready. */
  public Condition awaitReason(String name, String reason) {
    return awaitReason(name, reason, "", SOON);
  }

  /** The same, and this is a part of what it says. */
  public Condition awaitReason(String name, String reason, String message, Duration limit) {
    var release =
        await(
            name,
            limit,
            "says " + reason + " " + message,
            it ->
                condition(it, "Ready")
                    .filter(ready -> ready.getReason().equals(reason))
                    .filter(ready -> ready.getMessage().contains(message))
                    .filter(
                        ready ->
                            it.getMetadata().getGeneration().equals(ready.getObservedGeneration()))
                    .isPresent());
    return condition(release, "Ready").orElseThrow();
  }

  public static Optional<Condition> condition(SwarmRelease release, String type) {
    return Optional.ofNullable(release.getStatus()).stream()
        .flatMap(status -> status.conditions().stream())
        .filter(condition -> condition.getType().equals(type))
        .findFirst();
  }

  /** Waits by watch until a release is as it should be. */
  public SwarmRelease await(
      String name, Duration limit, String what, Predicate<SwarmRelease> isSo) {
    try {
      return release(name)
          .waitUntilCondition(
              release -> release != null && isSo.test(release),
              limit.toMillis(),
              TimeUnit.MILLISECONDS);
    } catch (KubernetesClientTimeoutException e) {
      var now = release(name).get();
      throw new AssertionError(
          "no %s that %s after %d s; it is: %s"
              .formatted(name, what, limit.toSeconds(), now == null ? "gone" : now.getStatus()),
          e);
    }
  }

  /** SIGKILL for the tenant's seeders, pods and all. */
  public void killSeeders() {
    lab.client()
        .pods()
        .inNamespace(namespace)
        .withLabel("app.kubernetes.io/component", "seeder")
        .withGracePeriod(0)
        .delete();
  }

  /** {@code kubectl delete}, which returns when the release is gone. */
  public void delete(String name) {
    lab.kubectl().run("-n", namespace, "delete", "swr", name, "--timeout=90s");
  }

  /** The release's folder on a node's disk, as this machine sees it. */
  public Path folder(String node, String name) {
    return lab.cluster().disk(node).resolve(Lab.ROOT).resolve(namespace).resolve(name);
  }

  /** What {@code current} holds on a node. */
  public Tree tree(String node, String name) throws IOException {
    var current = folder(node, name).resolve("current");
    return Tree.read(current.resolveSibling(Files.readSymbolicLink(current)));
  }

  /** Checks that {@code current} holds this on every node, byte for byte. */
  public void assertEverywhere(String name, SampleRelease content) throws IOException {
    assertOn(Lab.NODES, name, content);
  }

  public void assertOn(List<String> nodes, String name, SampleRelease content) throws IOException {
    for (var node : nodes) {
      assertThat(tree(node, name)).as(node).isEqualTo(content.tree());
    }
  }

  /** Removes what is left of this tenant; the cluster goes on to the next. */
  public void leave() {
    lab.client().resources(SwarmRelease.class).inNamespace(namespace).delete();
    lab.client().pods().inNamespace(namespace).withGracePeriod(0).delete();
    lab.client().namespaces().withName(namespace).delete();
  }
}
