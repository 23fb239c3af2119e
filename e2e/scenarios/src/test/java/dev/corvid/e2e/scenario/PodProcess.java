package dev.corvid.e2e.scenario;

import dev.corvid.e2e.Command;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.awaitility.Awaitility;

/**
 * A pod's program as this machine's kernel knows it: one process among others, which is killed at
 * the very moment that a scenario wants.
 */
public record PodProcess(ProcessHandle handle) {
  /** Of the fields of proc(5) {@code stat} that follow the program's name. */
  private static final int START_TIME = 19;

  private static final int TICKS_PER_SECOND = 100;
  private static final Duration LOOK = Duration.ofMillis(5);
  private static final Duration LIMIT = Duration.ofSeconds(10);

  public static PodProcess of(Pod pod) {
    return find(pod)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "no process of pod " + pod.getMetadata().getName() + " is on this machine"));
  }

  /** None where it has ended, which the kubelet tells the API server a moment later. */
  public static Optional<PodProcess> find(Pod pod) {
    var container = Faults.containerId(pod);
    return ProcessHandle.allProcesses()
        .filter(process -> isOf(process, container))
        .min(Comparator.comparing(ProcessHandle::pid))
        .map(PodProcess::new);
  }

  private static boolean isOf(ProcessHandle process, String container) {
    try {
      return Files.readString(proc(process).resolve("cgroup")).contains(container);
    } catch (IOException e) {
      return false; // it has ended meanwhile
    }
  }

  /**
   * SIGKILL; returns when it is dead. {@code onExit} would tell of a process that is not our child
   * only seconds later, when the kubelet has started the next one.
   *
   * @return when it was killed
   */
  public Instant kill() {
    var now = Instant.now();
    handle.destroyForcibly();
    Awaitility.await("the death of process " + handle.pid())
        .pollInSameThread()
        .pollDelay(Duration.ZERO)
        .pollInterval(LOOK)
        .atMost(LIMIT)
        .until(() -> !handle.isAlive());
    return now;
  }

  /** It does nothing, and keeps what it has, until {@link #thaw}. */
  public void freeze() {
    signal("STOP");
  }

  public void thaw() {
    if (handle.isAlive()) {
      signal("CONT");
    }
  }

  private void signal(String name) {
    Command.of("kill", "-" + name, Long.toString(handle.pid())).run();
  }

  /**
   * When the kernel started it, to the hundredth of a second. ({@link ProcessHandle.Info} counts
   * from the boot, which the kernel tells in whole seconds.)
   */
  public Instant started() {
    try {
      var stat = Files.readString(proc(handle).resolve("stat"));
      var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      double ticks = Double.parseDouble(fields[START_TIME]);
      double uptime = Double.parseDouble(Files.readString(Path.of("/proc/uptime")).split(" ")[0]);
      return Instant.now().minusMillis(Math.round(1000 * (uptime - ticks / TICKS_PER_SECOND)));
    } catch (IOException e) {
      throw new UncheckedIOException("process " + handle.pid() + " has ended", e);
    }
  }

  /** What it uses now: proc(5), {@code status}, {@code task} and {@code fd}. */
  public ProcessUse use() {
    try {
      var status = Files.readString(proc(handle).resolve("status"));
      long files = 0;
      long sockets = 0;
      try (var descriptors = Files.newDirectoryStream(proc(handle).resolve("fd"))) {
        for (var descriptor : descriptors) {
          if (isSocket(descriptor)) {
            sockets++;
          } else {
            files++;
          }
        }
      }
      return ProcessUse.of(status, threads(), files, sockets);
    } catch (IOException e) {
      throw new UncheckedIOException("process " + handle.pid() + " has ended", e);
    }
  }

  private Map<String, Long> threads() throws IOException {
    var threads = new TreeMap<String, Long>();
    try (var tasks = Files.newDirectoryStream(proc(handle).resolve("task"))) {
      for (var task : tasks) {
        threads.merge(threadName(task), 1L, Long::sum);
      }
    }
    return threads;
  }

  private static String threadName(Path task) {
    try {
      return Files.readString(task.resolve("comm")).strip().replaceFirst("[-#0-9]+$", "");
    } catch (IOException e) {
      return "(ended meanwhile)";
    }
  }

  private static boolean isSocket(Path descriptor) throws IOException {
    try {
      return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
    } catch (NoSuchFileException e) {
      return false; // closed meanwhile
    }
  }

  private static Path proc(ProcessHandle process) {
    return Path.of("/proc", Long.toString(process.pid()));
  }
}
