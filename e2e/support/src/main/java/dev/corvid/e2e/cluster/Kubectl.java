package dev.corvid.e2e.cluster;

import dev.corvid.e2e.Command;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** kubectl with a cluster's kubeconfig: what a user types is what is tested. */
public record Kubectl(Command command) {
  /** The one on the PATH, for a cluster that is not ours. */
  public static Kubectl of(Path kubeconfig) {
    return new Kubectl(
        new Command(
            List.of("kubectl"),
            Map.of("KUBECONFIG", kubeconfig.toString()),
            java.time.Duration.ofMinutes(2)));
  }

  public Command with(String... arguments) {
    return command.and(arguments);
  }

  /** Standard output; an exception with everything printed when it fails. */
  public String run(String... arguments) {
    return with(arguments).run();
  }

  public String apply(String yaml) {
    return with("apply", "-f", "-").run(yaml);
  }

  /**
   * What the API server says against the manifest.
   *
   * @throws AssertionError when it accepts it
   */
  public String refusalOf(String yaml) {
    var outcome = with("apply", "-f", "-").outcome(yaml);
    if (outcome.exitCode() == 0) {
      throw new AssertionError("the API server accepted what it must refuse:\n" + yaml);
    }
    return outcome.err();
  }
}
