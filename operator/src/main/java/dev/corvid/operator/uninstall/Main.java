package dev.corvid.operator.uninstall;

import dev.corvid.log.JsonLines;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/** The operator, or with {@value #UNINSTALL} the end of it. */
@QuarkusMain
public final class Main {
  static final String UNINSTALL = "--uninstall";
  private static final String HELP = "--help";
  private static final String USAGE =
      """
      Usage: java -jar quarkus-run.jar [--help | --uninstall]
      The operator: reconciles SwarmReleases until it is terminated.
      Its configuration is mounted at /etc/corvid/config; its namespace and pod are in
      POD_NAMESPACE and POD_NAME; the chart sets all of them.
            --help        Show this help message and exit.
            --uninstall   What the chart's pre-delete hook runs: stop the operator,
                            remove Corvid's finalizers from SwarmReleases, and delete
                            the seeders that they own. SwarmReleases and what nodes
                            hold stay. Run again, it resumes.

      Exit codes:
        0   terminated, or uninstalled
        1   it cannot start, or the removal is not complete; see the last log line
      """;
  private static final Duration LIMIT = Duration.ofSeconds(90);

  private Main() {}

  public static void main(String... args) {
    Locale.setDefault(Locale.ROOT); // figures read the same wherever they are written
    if (List.of(args).contains(HELP)) {
      System.out.print(USAGE);
      return;
    }
    if (!List.of(args).contains(UNINSTALL)) {
      Quarkus.run(args);
      return;
    }
    // The client's threads would keep the process alive.
    System.exit(uninstall());
  }

  /** Without Quarkus: no controller may start here, and its logging is not set up. */
  private static int uninstall() {
    try (var client = new KubernetesClientBuilder().build()) {
      new Uninstall(client, System.getenv("POD_NAMESPACE"), LIMIT, line -> log(Level.INFO, line))
          .run();
      return 0;
    } catch (RuntimeException e) {
      log(Level.SEVERE, "uninstall failed, `helm uninstall` again resumes from here: " + e);
      return 1;
    }
  }

  /** A line as the other programs write it. */
  private static void log(Level level, String message) {
    var record = new LogRecord(level, message);
    record.setLoggerName(Uninstall.class.getName());
    System.out.print(new JsonLines().format(record));
  }
}
