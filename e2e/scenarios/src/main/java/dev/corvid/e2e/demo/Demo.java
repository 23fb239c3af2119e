package dev.corvid.e2e.demo;

import dev.corvid.e2e.Checkout;
import dev.corvid.e2e.cluster.Cluster;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code make demo}. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description =
        "One release onto every node of a real cluster, measured, the plain way beside it.")
public final class Demo implements Callable<Integer> {
  private static final Logger LIBRARIES = Logger.getLogger("io");

  static final String NAMESPACE = "demo";

  @Option(names = "--nodes", defaultValue = "4", description = "nodes (default: ${DEFAULT-VALUE})")
  private int nodes;

  @Option(
      names = "--rate",
      defaultValue = "200",
      description = "Mbit/s of every link (default: ${DEFAULT-VALUE})")
  private int rate;

  @Option(names = "--kubeconfig", description = "use this cluster instead of one made here")
  private Path kubeconfig;

  @Option(names = "--images", description = "registry/prefix of the images, for --kubeconfig")
  private String images;

  @Option(names = "--down", description = "remove what the demo made")
  private boolean down;

  public static void main(String[] arguments) {
    Locale.setDefault(Locale.ROOT); // figures read the same wherever they are written
    LIBRARIES.setLevel(Level.SEVERE);
    System.exit(run(arguments));
  }

  /**
   * @return the exit code
   */
  static int run(String... arguments) {
    var command = new CommandLine(new Demo());
    command.setExecutionExceptionHandler(
        (failure, line, parsed) -> {
          line.getErr().println("demo: " + failure.getMessage());
          return line.getCommandSpec().exitCodeOnExecutionException();
        });
    return command.execute(arguments);
  }

  @Override
  public Integer call() throws Exception {
    if (down) {
      remove();
      return 0;
    }
    var screen = Screen.ofThisProcess();
    var site = site();
    screen.step("Cluster");
    site.prepare(screen);
    screen.step("Corvid, by Helm");
    site.chart().install(site.values());
    screen.say(site.kubectl().run("-n", site.chart().namespace(), "get", "pods", "-o", "wide"));
    screen.step("Release");
    var archive = JdkArchive.ofThisJvm().in(Checkout.root().resolve("target/demo"));
    try (var client = Cluster.client(site.kubeconfig())) {
      var show = new Show(screen, site, client);
      show.play(archive);
    }
    screen.step("The cluster stays up; try");
    site.whatNext().forEach(screen::say);
    return 0;
  }

  private Site site() {
    if (kubeconfig == null) {
      return new OwnCluster(nodes, rate);
    }
    if (images == null) {
      throw new CommandLine.ParameterException(
          new CommandLine(this),
          "--kubeconfig needs --images: the registry/prefix that `make images PUSH=…` pushed to");
    }
    return new GivenCluster(kubeconfig, images);
  }

  private void remove() {
    if (kubeconfig == null) {
      Cluster.named(OwnCluster.NAME).down();
      return;
    }
    var objects = DemoObjects.in(kubeconfig);
    try (var _ = objects.client()) {
      objects.remove().forEach(Screen.ofThisProcess()::say);
    }
  }
}
