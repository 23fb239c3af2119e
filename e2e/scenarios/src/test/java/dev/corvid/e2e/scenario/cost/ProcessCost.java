package dev.corvid.e2e.scenario.cost;

import dev.corvid.e2e.scenario.Faults;
import dev.corvid.e2e.scenario.Lab;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;

/**
 * What the kernel says of a pod's program: proc(5), {@code status} and {@code stat}.
 *
 * @param anonymousKib memory that is in no file: RssAnon
 * @param ticks processor time since its start, in hundredths of a second
 */
record ProcessCost(long anonymousKib, long ticks) {
  private static final double TICKS_PER_SECOND = 100;
  private static final int USER_TIME = 11; // counted behind the name, which may hold blanks
  private static final int SYSTEM_TIME = 12;

  static ProcessCost of(Lab lab, Pod pod) {
    var node = pod.getSpec().getNodeName();
    var id = Faults.containerId(pod);
    int pid =
        lab.cluster()
            .on(node, "ctr", "-n", "k8s.io", "tasks", "ls")
            .run()
            .lines()
            .filter(line -> line.startsWith(id))
            .map(line -> Integer.parseInt(line.split("\\s+")[1]))
            .findFirst()
            .orElseThrow();
    var status = lab.cluster().on(node, "cat", "/proc/" + pid + "/status").run();
    var stat = lab.cluster().on(node, "cat", "/proc/" + pid + "/stat").run();
    return parse(status, stat);
  }

  static ProcessCost parse(String status, String stat) {
    long anonymous =
        status
            .lines()
            .filter(line -> line.startsWith("RssAnon:"))
            .map(line -> Long.parseLong(line.split("\\s+")[1]))
            .findFirst()
            .orElseThrow();
    var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return new ProcessCost(
        anonymous, Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[SYSTEM_TIME]));
  }

  double anonymousMib() {
    return anonymousKib / 1024.0;
  }

  /** Of one core. */
  double percentSince(ProcessCost earlier, Duration time) {
    return (ticks - earlier.ticks) / TICKS_PER_SECOND / time.toMillis() * 1000 * 100;
  }
}
