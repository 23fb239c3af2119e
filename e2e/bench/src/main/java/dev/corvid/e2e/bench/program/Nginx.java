package dev.corvid.e2e.bench.program;

import dev.corvid.e2e.Command;
import dev.corvid.e2e.bench.network.Namespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One server of files, with sendfile, one worker. */
public final class Nginx implements AutoCloseable {
  private static final int PORT = 8080;

  private final String address;
  private final Running running;

  private Nginx(String address, Running running) {
    this.address = address;
    this.running = running;
  }

  /** Serves the files of a folder; answers when this returns. */
  public static Nginx serve(
      Tools tools, Namespace namespace, String address, Path files, Path work) {
    var configuration =
        """
        daemon off; master_process off; pid %1$s/nginx.pid; error_log stderr error;
        events { worker_connections 256; }
        http {
          access_log off; sendfile on; tcp_nopush on;
          client_body_temp_path %1$s/tmp; proxy_temp_path %1$s/tmp; fastcgi_temp_path %1$s/tmp;
          uwsgi_temp_path %1$s/tmp; scgi_temp_path %1$s/tmp;
          server { listen %2$s:%3$d; root %4$s; }
        }
        """
            .formatted(work, address, PORT, files);
    var file = work.resolve("nginx.conf");
    try {
      Files.createDirectories(work);
      Files.writeString(file, configuration);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var words = List.of(tools.nginx().toString(), "-p", work.toString(), "-c", file.toString());
    var nginx =
        new Nginx(
            address, new Running("nginx", namespace.running(words), Map.of(), Dialect.none()));
    nginx.awaitAnswer(namespace);
    return nginx;
  }

  public String url(String file) {
    return "http://%s:%d/%s".formatted(address, PORT, file);
  }

  public Running process() {
    return running;
  }

  private void awaitAnswer(Namespace namespace) {
    var words = List.of("curl", "-s", "--retry", "50", "--retry-delay", "1", "--retry-connrefused");
    var probe = new java.util.ArrayList<>(words);
    probe.addAll(List.of("-o", "/dev/null", url("")));
    Command.of(namespace.running(probe).toArray(String[]::new))
        .within(java.time.Duration.ofSeconds(TimeUnit.MINUTES.toSeconds(1)))
        .run();
  }

  @Override
  public void close() {
    running.close();
  }
}
