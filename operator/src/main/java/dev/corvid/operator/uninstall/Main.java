package dev.corvid.operator.uninstall;

import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.time.Duration;
import java.util.List;

/** The operator, or with {@value #UNINSTALL} the end of it. */
@QuarkusMain
public final class Main {
  static final String UNINSTALL = "--uninstall";
  private static final Duration LIMIT = Duration.ofSeconds(90);

  private Main() {}

  public static void main(String... args) {
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
      new Uninstall(client, System.getenv("POD_NAMESPACE"), LIMIT, System.out::println).run();
      return 0;
    } catch (RuntimeException e) {
      System.out.println("uninstall failed, `helm uninstall` again goes on from here: " + e);
      return 1;
    }
  }
}
