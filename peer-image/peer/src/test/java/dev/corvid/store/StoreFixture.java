package dev.corvid.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.store.disk.Directory;
import dev.corvid.store.disk.SecureDirectory;
import dev.corvid.store.manifest.ManifestEntry;
import dev.corvid.store.manifest.ManifestReader;
import dev.corvid.store.manifest.Sha256;
import dev.corvid.store.piece.StoreExecutors;
import dev.corvid.wire.config.Roots;
import dev.corvid.wire.grant.DeletionPolicy;
import dev.corvid.wire.grant.Grant;
import dev.corvid.wire.grant.ReleaseName;
import dev.corvid.wire.grant.SignedGrant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A root in a directory of the test, with a clock and a boot id that the test sets. */
final class StoreFixture {
  static final ReleaseName NAME = new ReleaseName("search", "model");
  static final String UID = "0b7c3c0e-6a57-4e0e-9f0a-3d1f0f3f3a10";

  /** Everything at once and in order: a test sees the same each time. */
  static final StoreExecutors INLINE =
      new StoreExecutors(Runnable::run, later -> {}, Runnable::run);

  final Path path;
  final ManualClock clock = new ManualClock();
  String bootId = "first";
  long earlyReadBytes = Long.MAX_VALUE;
  String quota;
  String reserve = "0";
  Map<String, String> namespaceQuotas = Map.of();
  Map<String, Long> namespaceFiles = Map.of();
  Roots.Root.Sharing sharing = Roots.Root.Sharing.NAMESPACE;
  String recheckInterval = "1h";

  StoreFixture(Path path) {
    this.path = path;
  }

  Root open() throws IOException {
    return open(SecureDirectory.open(path), INLINE);
  }

  Root open(Directory top, StoreExecutors executors) throws IOException {
    var config =
        new Roots.Root(
            "models",
            "/x",
            List.of(),
            reserve,
            quota,
            "10m",
            namespaceQuotas,
            namespaceFiles,
            recheckInterval,
            sharing);
    return Root.open(config, top, new StoreOptions(clock, bootId, earlyReadBytes), executors);
  }

  static Release obey(Root root, long epoch, Grant.Action action, SampleRevision wanted)
      throws IOException {
    return obey(root, UID, epoch, action, wanted, DeletionPolicy.DELETE);
  }

  static Release obey(
      Root root,
      String uid,
      long epoch,
      Grant.Action action,
      SampleRevision wanted,
      DeletionPolicy policy)
      throws IOException {
    var content = wanted == null ? null : wanted.content();
    var grant =
        new Grant(
            uid,
            NAME,
            null,
            "models",
            1,
            0,
            epoch,
            action,
            content,
            content == null ? null : content.infoHash(),
            List.of(),
            policy,
            List.of("n"));
    var release = root.release(NAME);
    release.obey(new SignedGrant("grant " + epoch, "key", "signature"), grant);
    return release;
  }

  /** Everything from the grant to the switch. */
  static Revision activate(Root root, long epoch, SampleRevision wanted) throws IOException {
    var release = obey(root, epoch, Grant.Action.ACTIVATE, wanted);
    var revision = download(release, wanted);
    release.activate(revision);
    return revision;
  }

  static Revision download(Release release, SampleRevision wanted) throws IOException {
    var held = release.held(wanted.content().manifestDigest());
    if (held.isPresent()) {
      return held.get();
    }
    try (var download = release.download(wanted.content(), wanted.metainfo())) {
      wanted.deliver(download);
      return download.finish();
    }
  }

  Path current() {
    return path.resolve("search/model/current");
  }

  /** The tree is exactly what was published: bytes, modes, links, directories. */
  static void assertTree(Path top, SampleRevision expected) throws IOException {
    Map<String, String> wanted = new TreeMap<>();
    try (var reader = new ManifestReader(new java.io.ByteArrayInputStream(expected.manifest()))) {
      for (var entry = reader.next(); entry.isPresent(); entry = reader.next()) {
        switch (entry.get()) {
          case ManifestEntry.File f ->
              wanted.put(f.path(), (f.executable() ? "r-xr-xr-x " : "r--r--r-- ") + f.sha256());
          case ManifestEntry.Link l -> wanted.put(l.path(), "-> " + l.text());
          case ManifestEntry.EmptyDirectory d -> wanted.put(d.path(), "empty");
        }
      }
    }
    assertThat(listing(top)).isEqualTo(wanted);
  }

  private static Map<String, String> listing(Path top) throws IOException {
    Map<String, String> found = new TreeMap<>();
    try (var paths = Files.walk(top)) {
      for (var path : paths.filter(each -> !each.equals(top)).toList()) {
        var name = top.relativize(path).toString();
        var mode =
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
        if (Files.isSymbolicLink(path)) {
          found.put(name, "-> " + Files.readSymbolicLink(path));
        } else if (Files.isDirectory(path)) {
          assertThat(mode).isEqualTo("rwxr-xr-x");
          try (var below = Files.list(path)) {
            if (below.findAny().isEmpty()) {
              found.put(name, "empty");
            }
          }
        } else {
          var sha256 = Sha256.digest().digest(Files.readAllBytes(path));
          found.put(name, mode + " " + java.util.HexFormat.of().formatHex(sha256));
        }
      }
    }
    return found;
  }

  static final class ManualClock extends Clock {
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    void advance(Duration by) {
      now = now.plus(by);
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneId.of("UTC");
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
