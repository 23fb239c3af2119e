package dev.corvid.seeder;

import dev.corvid.lifecycle.Termination;
import dev.corvid.seeder.source.AdminFiles;
import dev.corvid.seeder.source.PinnedConnections;
import dev.corvid.seeder.source.Resolver;
import dev.corvid.seeder.source.SourceTimeouts;
import dev.corvid.telemetry.JsonLogs;
import dev.corvid.wire.Endpoint;
import dev.corvid.wire.WireException;
import dev.corvid.wire.seeder.SeederTask;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;

/** The role {@code seeder}: what the pod runs that the operator makes for a release. */
@Command(
    name = "seeder",
    hidden = true,
    mixinStandardHelpOptions = true,
    description =
        "Role of a pod: fetches a release's source, makes a revision of it and seeds it."
            + " Its task is the JSON in CORVID_SEEDER.")
public final class SeederCommand implements Callable<Integer> {
  private final Map<String, String> environment;
  private final Termination termination;

  @Option(
      names = "--listen",
      defaultValue = "0.0.0.0:6881",
      converter = EndpointConverter.class,
      description = "Where peers connect (default: ${DEFAULT-VALUE}).")
  private Endpoint listen;

  @Option(names = "--address", required = true, description = "The pod's IP.")
  private String address;

  @Option(
      names = "--token",
      defaultValue = "/var/run/secrets/corvid/token",
      description = "The projected service-account token (default: ${DEFAULT-VALUE}).")
  private Path token;

  @Option(
      names = "--scratch",
      defaultValue = "/scratch",
      description = "The scratch volume (default: ${DEFAULT-VALUE}).")
  private Path scratch;

  @Option(names = "--secret", description = "Where the release's Secret is mounted.")
  private @Nullable Path secret;

  @Option(
      names = "--http",
      defaultValue = "0.0.0.0:9090",
      converter = EndpointConverter.class,
      description = "Probes and metrics (default: ${DEFAULT-VALUE}).")
  private Endpoint http;

  @Option(
      names = "--ca",
      defaultValue = "/etc/corvid/ca/ca.crt",
      description = "A PEM bundle of authorities to trust as well, if it exists.")
  private Path ca;

  @Option(
      names = "--proxy-secret",
      defaultValue = "/etc/corvid/proxy",
      description = "A directory with the proxy's username and password, if it exists.")
  private Path proxySecret;

  public SeederCommand(Termination termination) {
    this.environment = System.getenv();
    this.termination = termination;
  }

  @Override
  public Integer call() throws IOException {
    PinnedConnections.allowOwnHostHeader();
    JsonLogs.install();
    try (var pod = SeederPod.open(options(), Resolver.system(), SourceTimeouts.DEFAULT)) {
      termination.requested().thenRun(pod::stop);
      pod.await();
    }
    return 0;
  }

  private SeederOptions options() throws WireException {
    return new SeederOptions(
        task(),
        key(),
        listen,
        address,
        environment.getOrDefault("NODE_NAME", ""),
        token,
        scratch,
        secret,
        http,
        new AdminFiles(ca, proxySecret));
  }

  private SeederTask task() throws WireException {
    variable(SeederTask.VARIABLE);
    return SeederTask.of(environment);
  }

  private byte[] key() {
    return Base64.getDecoder().decode(variable(SeederTask.KEY_VARIABLE).strip());
  }

  private String variable(String name) {
    var value = environment.get(name);
    if (value == null) {
      throw new IllegalStateException(
          "the environment has no " + name + "; the operator sets it in the seeder's pod");
    }
    return value;
  }

  /** {@code address:port}. */
  static final class EndpointConverter implements ITypeConverter<Endpoint> {
    @Override
    public Endpoint convert(String text) {
      return Endpoint.parse(text);
    }
  }
}
