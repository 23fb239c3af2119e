package dev.corvid.e2e.scenario.hostile;

import dev.corvid.e2e.content.SampleRelease;
import dev.corvid.e2e.scenario.Lab;
import dev.corvid.e2e.scenario.Tenant;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** No file that others released is ever below a namespace's folder, on any node. */
public final class NamespaceIsolation {
  private static final String EMPTY =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  private final Tenant thief;
  private final Set<String> theirs = ConcurrentHashMap.newKeySet();

  public NamespaceIsolation(Tenant thief) {
    this.thief = thief;
  }

  /** By others. */
  public void released(SampleRelease content) {
    for (var described : content.tree().entries().values()) {
      var digest = described.substring(described.lastIndexOf(' ') + 1);
      if (digest.length() == EMPTY.length() && !digest.equals(EMPTY)) {
        theirs.add(digest);
      }
    }
  }

  /** What is there and must not be. */
  public List<String> stolen() throws IOException {
    var stolen = new ArrayList<String>();
    for (var node : Lab.NODES) {
      var root = thief.lab().cluster().disk(node).resolve(Lab.ROOT);
      look(root.resolve(thief.namespace()), stolen);
    }
    return stolen;
  }

  private void look(Path folder, List<String> stolen) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile() && theirs.contains(digest(file))) {
              stolen.add(file.toString());
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) {
            return FileVisitResult.CONTINUE; // not there yet, or not any more
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, IOException e) {
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static String digest(Path file) {
    try {
      var sha256 = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha256.digest(Files.readAllBytes(file)));
    } catch (IOException e) {
      return ""; // it has gone meanwhile
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
