package dev.corvid.e2e.demo;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * The release of the demo: the JDK that runs it, as a tar.gz. Some hundred files, links and
 * programs; and whether it arrived whole is easily tried: it runs.
 */
record JdkArchive(Path home, String version) {
  static JdkArchive ofThisJvm() throws IOException {
    return new JdkArchive(
        Path.of(System.getProperty("java.home")).toRealPath(), versionOfThisJvm());
  }

  /** As a label may have it: without a plus sign. */
  static String versionOfThisJvm() {
    return Runtime.version().toString().replace('+', '_');
  }

  /** Writes it into the folder, unless that was done before. */
  Path in(Path folder) throws IOException {
    var archive = folder.resolve("jdk-" + version + ".tar.gz");
    if (Files.exists(archive)) {
      return archive;
    }
    Files.createDirectories(folder);
    var part = Files.createTempFile(folder, "jdk", ".part");
    try (var file = new BufferedOutputStream(Files.newOutputStream(part), 1 << 16);
        var gzip = new FastGzip(file);
        var tar = new TarArchiveOutputStream(gzip)) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      try (var paths = Files.walk(home)) {
        for (var path : (Iterable<Path>) paths.sorted()::iterator) {
          add(path, tar);
        }
      }
    }
    return Files.move(part, archive, StandardCopyOption.ATOMIC_MOVE);
  }

  private void add(Path path, TarArchiveOutputStream tar) throws IOException {
    var name = home.relativize(path).toString();
    if (Files.isSymbolicLink(path) && staysInside(path)) {
      var link = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
      link.setLinkName(Files.readSymbolicLink(path).toString());
      tar.putArchiveEntry(link);
      tar.closeArchiveEntry();
    } else if (Files.isRegularFile(path)) { // also what a link of the distribution points out to
      var file = new TarArchiveEntry(name);
      file.setSize(Files.size(path));
      file.setMode(Files.isExecutable(path) ? 0755 : 0644);
      tar.putArchiveEntry(file);
      Files.copy(path, tar);
      tar.closeArchiveEntry();
    }
  }

  private boolean staysInside(Path link) throws IOException {
    var target = Files.readSymbolicLink(link);
    return !target.isAbsolute() && link.resolveSibling(target).normalize().startsWith(home);
  }

  /** Compression is not what is shown here. */
  private static final class FastGzip extends GZIPOutputStream {
    FastGzip(java.io.OutputStream out) throws IOException {
      super(out, 1 << 16);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }
}
