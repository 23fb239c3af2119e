package dev.corvid.e2e.scenario.hostile;

import dev.corvid.e2e.attack.HttpPosts;
import dev.corvid.e2e.cluster.JavaPod;
import dev.corvid.e2e.cluster.Program;
import dev.corvid.e2e.scenario.Lab;
import dev.corvid.e2e.scenario.Tenant;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Pods in a namespace of its own, which run the programs of {@link dev.corvid.e2e.attack}. */
public final class Attacker {
  private static final String PROGRAM = "attacks";
  private static final int SECONDS = 180;

  private final Tenant tenant;
  private final AtomicInteger started = new AtomicInteger();

  public Attacker(Tenant tenant) throws IOException {
    this.tenant = tenant;
    tenant
        .lab()
        .client()
        .resource(new Program(HttpPosts.class).configMap(tenant.namespace(), PROGRAM))
        .serverSideApply();
  }

  public Tenant tenant() {
    return tenant;
  }

  /** Runs it to its end; what it printed. */
  public String run(Class<?> program, String... arguments) {
    return run(Map.of(), program, arguments);
  }

  /** The same in a pod with these labels. */
  public String run(Map<String, String> labels, Class<?> program, String... arguments) {
    return end(start(labels, program, arguments));
  }

  /** Starts it beside what else happens. */
  public Victims.Attack begin(Class<?> program, String... arguments) {
    var pod = start(Map.of(), program, arguments);
    return () -> end(pod);
  }

  private Pod start(Map<String, String> labels, Class<?> program, String... arguments) {
    var pod =
        JavaPod.of(tenant.namespace(), name(program), Lab.peerImage(), null)
            .running(PROGRAM, program, arguments)
            .build();
    return tenant
        .lab()
        .pods()
        .start(new PodBuilder(pod).editMetadata().addToLabels(labels).endMetadata().build());
  }

  private String name(Class<?> program) {
    return program.getSimpleName().toLowerCase(java.util.Locale.ROOT)
        + "-"
        + started.incrementAndGet();
  }

  /** Waits for its end; what it printed. */
  private String end(Pod pod) {
    try {
      return tenant
          .lab()
          .pods()
          .ended(pod, SECONDS)
          .lines()
          .filter(line -> !line.startsWith("NOTE:"))
          .reduce("", (all, line) -> all.isEmpty() ? line : all + "\n" + line);
    } finally {
      tenant.lab().client().resource(pod).withGracePeriod(0).delete();
    }
  }
}
