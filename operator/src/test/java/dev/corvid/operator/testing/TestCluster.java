package dev.corvid.operator.testing;

import static org.awaitility.Awaitility.await;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.wire.Reason;
import dev.corvid.wire.grant.Content;
import dev.corvid.wire.operator.Fleet;
import dev.corvid.wire.seeder.Publication;
import dev.corvid.wire.seeder.SeederReport;
import dev.corvid.wire.seeder.SeederTask;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** What controllers, scheduler, kubelet and seeder would do, done by hand. */
public final class TestCluster {
  public static final String OPERATOR_NAMESPACE = "corvid-system";

  /**
   * The definition as each API server has it after it was applied, by the server and the file: to
   * apply it again costs the server a second.
   */
  private static final Map<String, String> INSTALLED = new ConcurrentHashMap<>();

  private final KubernetesClient client;

  public TestCluster(KubernetesClient client) {
    this.client = client;
  }

  /** Namespaces, the CRD, and nodes with a peer each. */
  public void install(Path crd, String... nodes) {
    apply(crd);
    namespace(OPERATOR_NAMESPACE);
    for (String node : nodes) {
      node(node, Map.of());
      peer(node);
    }
    client
        .apiextensions()
        .v1()
        .customResourceDefinitions()
        .withName("swarmreleases.corvid.dev")
        .waitUntilCondition(
            definition ->
                definition.getStatus() != null
                    && definition.getStatus().getConditions() != null
                    && definition.getStatus().getConditions().stream()
                        .anyMatch(
                            c -> "Established".equals(c.getType()) && "True".equals(c.getStatus())),
            60,
            TimeUnit.SECONDS);
  }

  private void apply(Path crd) {
    var key = client.getMasterUrl() + " " + crd;
    var definition =
        client
            .apiextensions()
            .v1()
            .customResourceDefinitions()
            .withName("swarmreleases.corvid.dev");
    if (!identity(definition.get()).equals(INSTALLED.get(key))) {
      client.load(open(crd)).serverSideApply();
      INSTALLED.put(key, identity(definition.get()));
    }
  }

  private static String identity(CustomResourceDefinition definition) {
    return definition == null
        ? "none"
        : definition.getMetadata().getUid() + " " + definition.getMetadata().getGeneration();
  }

  public void namespace(String name) {
    client
        .resource(new NamespaceBuilder().withNewMetadata().withName(name).endMetadata().build())
        .serverSideApply();
    client
        .resource(
            new ServiceAccountBuilder()
                .withNewMetadata()
                .withName("default")
                .withNamespace(name)
                .endMetadata()
                .build())
        .serverSideApply();
  }

  /** Deletes it and, as the namespace controller would, lets it go. */
  public void removeNamespace(String name) {
    client.namespaces().withName(name).delete();
    client.raw(
        "/api/v1/namespaces/" + name + "/finalize",
        "PUT",
        Map.of(
            "apiVersion",
            "v1",
            "kind",
            "Namespace",
            "metadata",
            Map.of("name", name),
            "spec",
            Map.of("finalizers", List.of())));
    await().until(() -> client.namespaces().withName(name).get() == null);
  }

  public void node(String name, Map<String, String> labels) {
    var node =
        new NodeBuilder()
            .withNewMetadata()
            .withName(name)
            .addToLabels("kubernetes.io/hostname", name)
            .addToLabels(labels)
            .endMetadata()
            .build();
    client.resource(node).serverSideApply();
    ready(name, true);
  }

  public void ready(String node, boolean ready) {
    client
        .nodes()
        .withName(node)
        .editStatus(
            found ->
                new NodeBuilder(found)
                    .editOrNewStatus()
                    .withConditions()
                    .addNewCondition()
                    .withType("Ready")
                    .withStatus(ready ? "True" : "Unknown")
                    .endCondition()
                    .endStatus()
                    .build());
  }

  public void peer(String node) {
    String name = "corvid-peer-" + node;
    if (client.pods().inNamespace(OPERATOR_NAMESPACE).withName(name).get() != null) {
      return;
    }
    client
        .resource(
            new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(OPERATOR_NAMESPACE)
                .addToLabels("app.kubernetes.io/component", "peer")
                .addNewOwnerReference()
                .withApiVersion("apps/v1")
                .withKind("DaemonSet")
                .withName("corvid-peer")
                .withUid("00000000-0000-4000-8000-000000000001")
                .withController(true)
                .endOwnerReference()
                .endMetadata()
                .withNewSpec()
                .withNodeName(node)
                .addNewContainer()
                .withName("peer")
                .withImage("peer")
                .endContainer()
                .endSpec()
                .build())
        .create();
  }

  public SwarmRelease apply(String yaml) {
    return client
        .resource(client.getKubernetesSerialization().unmarshal(yaml, SwarmRelease.class))
        .serverSideApply();
  }

  /** Whatever it says, also what the type cannot. */
  public void create(String yaml) {
    client
        .resource(
            client.getKubernetesSerialization().unmarshal(yaml, GenericKubernetesResource.class))
        .create();
  }

  public Resource<SwarmRelease> release(String namespace, String name) {
    return client.resources(SwarmRelease.class).inNamespace(namespace).withName(name);
  }

  public SwarmRelease awaitRelease(
      String namespace, String name, Predicate<SwarmRelease> condition) {
    return awaitRelease(namespace, name, condition, Duration.ofSeconds(60));
  }

  public SwarmRelease awaitRelease(
      String namespace, String name, Predicate<SwarmRelease> condition, Duration atMost) {
    return await()
        .ignoreExceptionsMatching(TestCluster::isBrokenOff)
        .atMost(atMost)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> release(namespace, name).get(), condition);
  }

  /** No answer came, because a connection of the test's own client ended: it is asked again. */
  private static boolean isBrokenOff(Throwable trouble) {
    return trouble instanceof KubernetesClientException failed && failed.getCode() == 0;
  }

  /** Seeders that are not being deleted. */
  public List<Pod> seeders(String namespace, String release) {
    return client
        .pods()
        .inNamespace(namespace)
        .withLabel("corvid.dev/release", release)
        .list()
        .getItems()
        .stream()
        .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
        .toList();
  }

  public Pod awaitSeeder(String namespace, String release) {
    return awaitSeeder(namespace, release, "");
  }

  /** The only one whose name begins so. */
  public Pod awaitSeeder(String namespace, String release, String prefix) {
    return await()
        .ignoreExceptionsMatching(TestCluster::isBrokenOff)
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(20))
        .until(
            () ->
                seeders(namespace, release).stream()
                    .filter(pod -> pod.getMetadata().getName().startsWith(prefix))
                    .toList(),
            pods -> pods.size() == 1)
        .getFirst();
  }

  /** As the kubelet would. */
  public void run(Pod pod, String address) {
    client
        .resource(pod)
        .editStatus(
            found ->
                new PodBuilder(found)
                    .editOrNewStatus()
                    .withPhase("Running")
                    .withPodIP(address)
                    .endStatus()
                    .build());
  }

  /** As the volume controller would: the volume may be claimed. */
  public void makeAvailable(String releaseUid) {
    client
        .persistentVolumes()
        .withName("corvid-" + releaseUid)
        .waitUntilCondition(volume -> volume != null, 60, TimeUnit.SECONDS);
    client
        .persistentVolumes()
        .withName("corvid-" + releaseUid)
        .editStatus(
            found ->
                new PersistentVolumeBuilder(found)
                    .editOrNewStatus()
                    .withPhase("Available")
                    .endStatus()
                    .build());
  }

  /** As the protection controllers would: nobody uses what is being deleted. */
  public void finishDeletions(String namespace) {
    client.persistentVolumeClaims().inNamespace(namespace).list().getItems().stream()
        .filter(claim -> claim.getMetadata().getDeletionTimestamp() != null)
        .forEach(this::dropFinalizers);
    client.persistentVolumes().list().getItems().stream()
        .filter(volume -> volume.getMetadata().getDeletionTimestamp() != null)
        .forEach(this::dropFinalizers);
  }

  private <T extends HasMetadata> void dropFinalizers(T object) {
    client
        .resource(object)
        .edit(
            found -> {
              found.getMetadata().setFinalizers(List.of());
              return found;
            });
  }

  public static SeederTask task(Pod pod) throws Exception {
    Map<String, String> environment = new HashMap<>();
    pod.getSpec()
        .getContainers()
        .getFirst()
        .getEnv()
        .forEach(variable -> environment.put(variable.getName(), variable.getValue()));
    return SeederTask.of(environment);
  }

  /** As the seeder in that pod would, when the source became that content. */
  public static Fleet.Seeder seeding(Pod pod, String address, Content content) throws Exception {
    SeederTask task = task(pod);
    byte[] key = Base64.getDecoder().decode(environment(pod, SeederTask.KEY_VARIABLE));
    return heard(pod, address, seeding(task, content, key));
  }

  /** As the seeder in that pod would while it fetches. */
  public static Fleet.Seeder fetching(
      Pod pod, String address, long bytes, long total, String message) {
    return heard(
        pod,
        address,
        new SeederReport(SeederReport.State.FETCHING, 6881, bytes, total, null, 0, null, message));
  }

  /** As the seeder in that pod would after an attempt that failed. */
  public static Fleet.Seeder failing(Pod pod, String address, Reason reason, String message) {
    return heard(
        pod,
        address,
        new SeederReport(SeederReport.State.FAILED, 6881, 0, 0, null, 0, reason, message));
  }

  /** As the kubelet would say of a pod. */
  public void warn(Pod pod, String reason, String message) {
    String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    client
        .resource(
            new EventBuilder()
                .withNewMetadata()
                .withName(pod.getMetadata().getName() + "." + reason.toLowerCase(Locale.ROOT))
                .withNamespace(pod.getMetadata().getNamespace())
                .endMetadata()
                .withNewInvolvedObject()
                .withApiVersion("v1")
                .withKind("Pod")
                .withNamespace(pod.getMetadata().getNamespace())
                .withName(pod.getMetadata().getName())
                .withUid(pod.getMetadata().getUid())
                .endInvolvedObject()
                .withType("Warning")
                .withReason(reason)
                .withMessage(message)
                .withFirstTimestamp(now)
                .withLastTimestamp(now)
                .withCount(1)
                .withNewSource()
                .withComponent("kubelet")
                .endSource()
                .build())
        .create();
  }

  /** As somebody would who has seen the task but not the key. */
  public static Fleet.Seeder forged(Pod pod, String address, Content content) throws Exception {
    return heard(pod, address, seeding(task(pod), content, new byte[32]));
  }

  private static Fleet.Seeder heard(Pod pod, String address, SeederReport report) {
    return new Fleet.Seeder(pod.getMetadata().getUid(), address, report);
  }

  private static SeederReport seeding(SeederTask task, Content content, byte[] key) {
    var publication =
        Publication.prove(
            task.releaseUid(), task.sourceHash(), digest("archive"), content, 1000, key);
    return new SeederReport(
        SeederReport.State.SEEDING, 6881, 1000, 1000, publication, 0, null, null);
  }

  public static Content content(String what) {
    return new Content(digest(what), digest(what).substring(7, 47), 1 << 18, 1 << 20, 17);
  }

  public static String digest(String what) {
    try {
      return "sha256:"
          + HexFormat.of()
              .formatHex(
                  MessageDigest.getInstance("SHA-256")
                      .digest(what.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String environment(Pod pod, String name) {
    return pod.getSpec().getContainers().getFirst().getEnv().stream()
        .filter(variable -> name.equals(variable.getName()))
        .findFirst()
        .orElseThrow()
        .getValue();
  }

  private static java.io.InputStream open(Path file) {
    try {
      return java.nio.file.Files.newInputStream(file);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
