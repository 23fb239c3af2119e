package dev.corvid.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The clone that this program was built from. */
public final class Checkout {
  private Checkout() {}

  /** Its top folder, seen from the working directory. */
  public static Path root() {
    for (var folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
      if (Files.isExecutable(folder.resolve("e2e/cluster/cluster.sh"))) {
        return folder;
      }
    }
    throw new IllegalStateException("run this inside a clone of Corvid");
  }

  /** Where tests and benches of all modules keep what they measured. */
  public static Path figures() throws IOException {
    return Files.createDirectories(root().resolve("e2e/target/figures"));
  }
}
