package dev.corvid.operator.pod;

import dev.corvid.operator.config.OperatorConfig;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSecurityContextBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TolerationBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Parts of a pod without privileges, whose program answers probes and leaves a dead node soon. */
public final class PodSecurity {
  /** What a program has to end in order, once it is told to. */
  public static final Duration TERMINATION = Duration.ofSeconds(5);

  /** Name of the port for probes and metrics. */
  public static final String TELEMETRY = "telemetry";

  public static final int TELEMETRY_PORT = 9090;
  private static final String JAVA = "/opt/java/bin/java";
  private static final String PROGRAM = "/app/corvid-peer.jar";
  private static final long UID = 65532;
  private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(3);

  /** Until a pod leaves a node that is gone. */
  private static final Duration DEAD_NODE = Duration.ofSeconds(10);

  private PodSecurity() {}

  /** The pod's security context; files of its volumes belong to its group. */
  public static PodSecurityContext pod(OperatorConfig.Security security) {
    Long user = security.fixedUser() ? UID : null;
    return new PodSecurityContextBuilder()
        .withRunAsNonRoot(true)
        .withRunAsUser(user)
        .withRunAsGroup(user)
        .withFsGroup(user)
        .withSeLinuxOptions(security.seLinuxOptions())
        .withNewSeccompProfile()
        .withType("RuntimeDefault")
        .endSeccompProfile()
        .build();
  }

  public static SecurityContext container() {
    return new SecurityContextBuilder()
        .withAllowPrivilegeEscalation(false)
        .withReadOnlyRootFilesystem(true)
        .withNewCapabilities()
        .withDrop("ALL")
        .endCapabilities()
        .build();
  }

  /**
   * The peer image's entry point, with a heap of another size than a peer's. The options are not in
   * the environment because Java reports those in a line that is not JSON.
   *
   * @param heap options that set its size
   * @param further options, from the chart's values
   */
  public static List<String> java(List<String> heap, List<String> further) {
    var command = new ArrayList<String>(List.of(JAVA, "@/app/java.options"));
    command.addAll(heap);
    command.addAll(further);
    command.addAll(List.of("-jar", PROGRAM));
    return command;
  }

  /** A busy node may need a while to start a JVM; only afterwards is silence a failure. */
  public static Probe startup() {
    return probe("/livez", Duration.ofSeconds(1), 120);
  }

  public static Probe readiness() {
    return probe("/readyz", Duration.ofSeconds(5), 3);
  }

  public static Probe liveness() {
    return probe("/livez", Duration.ofSeconds(10), 6);
  }

  private static Probe probe(String path, Duration period, int failures) {
    return new ProbeBuilder()
        .withNewHttpGet()
        .withPath(path)
        .withNewPort(TELEMETRY)
        .endHttpGet()
        .withPeriodSeconds((int) period.toSeconds())
        .withTimeoutSeconds((int) PROBE_TIMEOUT.toSeconds())
        .withFailureThreshold(failures)
        .build();
  }

  /** These, and a dead node is left after 10 s instead of 5 minutes. */
  public static List<Toleration> tolerations(List<Toleration> wanted) {
    var all = new ArrayList<Toleration>(wanted);
    for (String taint : List.of("not-ready", "unreachable")) {
      all.add(
          new TolerationBuilder()
              .withKey("node.kubernetes.io/" + taint)
              .withOperator("Exists")
              .withEffect("NoExecute")
              .withTolerationSeconds(DEAD_NODE.toSeconds())
              .build());
    }
    return all;
  }

  /** An empty directory of at most that many bytes, as a Kubernetes quantity. */
  public static Volume scratch(String name, String sizeLimit) {
    return new VolumeBuilder()
        .withName(name)
        .withNewEmptyDir()
        .withSizeLimit(new Quantity(sizeLimit))
        .endEmptyDir()
        .build();
  }
}
