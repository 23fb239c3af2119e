package dev.corvid.e2e.bench.program;

import dev.corvid.e2e.Command;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The programs of others, from Debian's packages. nginx is unpacked only: installed it would start
 * a server of its own on this machine.
 */
public final class Tools {
  private final Path folder;
  private final PrintStream out;

  public Tools(Path folder, PrintStream out) {
    this.folder = folder;
    this.out = out;
  }

  /** Installs what is missing, and says so. */
  public void prepare() {
    need("curl", "curl", "curl", "--version");
    need("aria2", "aria2", "aria2c", "--version");
    need("libtorrent", "python3-libtorrent", Libtorrent.PYTHON, "-c", "import libtorrent");
    if (!Files.isExecutable(nginx())) {
      unpackNginx();
    }
  }

  Path nginx() {
    return folder.resolve("usr/sbin/nginx");
  }

  private void need(String what, String debianPackage, String... proof) {
    if (works(proof)) {
      return;
    }
    out.printf("%s is missing: installing Debian's %s%n", what, debianPackage);
    apt("apt-get", "install", "-y", "-qq", "--no-install-recommends", debianPackage);
    if (!works(proof)) {
      throw new IllegalStateException(debianPackage + " is installed, but does not work");
    }
  }

  private void unpackNginx() {
    out.println("nginx is unpacked from Debian's package (not installed: that would start it)");
    var archive =
        "cd \"$0\" && apt-get download -q nginx && dpkg -x nginx_*.deb . && rm nginx_*.deb";
    try {
      Files.createDirectories(folder);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    apt("sh", "-c", archive, folder.toString());
  }

  private static void apt(String... words) {
    Command.of(words)
        .with(java.util.Map.of("DEBIAN_FRONTEND", "noninteractive"))
        .within(Duration.ofMinutes(5))
        .run();
  }

  private static boolean works(String... words) {
    try {
      return Command.of(words).outcome("").exitCode() == 0;
    } catch (java.io.UncheckedIOException e) {
      return false; // there is no such program
    }
  }
}
