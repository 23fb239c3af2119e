package dev.corvid.cli.swarm;

import dev.corvid.bittorrent.TorrentOptions;
import dev.corvid.bittorrent.metainfo.Metainfo;
import dev.corvid.bittorrent.metainfo.PieceHasher;
import dev.corvid.bittorrent.metainfo.TorrentFile;
import dev.corvid.cli.process.Arguments;
import dev.corvid.cli.process.Logs;
import dev.corvid.lifecycle.Termination;
import dev.corvid.store.Root;
import dev.corvid.store.StoreOptions;
import dev.corvid.store.manifest.ManifestEntry;
import dev.corvid.store.manifest.ManifestReader;
import dev.corvid.store.manifest.ManifestSummary;
import dev.corvid.store.manifest.ManifestWriter;
import dev.corvid.store.manifest.RevisionLayout;
import dev.corvid.store.piece.SeedStorage;
import dev.corvid.wire.Wire;
import dev.corvid.wire.config.Roots;
import dev.corvid.wire.grant.Content;
import dev.corvid.wire.grant.DeletionPolicy;
import dev.corvid.wire.grant.Grant;
import dev.corvid.wire.grant.ReleaseName;
import dev.corvid.wire.grant.SignedGrant;
import dev.corvid.wire.text.ByteSize;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/**
 * For the bench: places a revision as a node's agent does, through the real store, without the
 * Kubernetes that would sign the grant. {@code make} publishes a directory of files the way a
 * seeder does; {@code get} downloads, reads back, syncs, renames, and switches {@code current}.
 */
@Command(
    name = "place",
    subcommands = {Place.Make.class, Place.Get.class})
final class Place {
  private static final String MANIFEST = ".corvid-manifest";
  private static final ReleaseName NAME = new ReleaseName("bench", "release");

  private final Termination termination = Termination.ofProcess();

  public static void main(String[] arguments) {
    var place = new Place();
    var code =
        new CommandLine(place)
            .registerConverter(InetSocketAddress.class, Arguments::address)
            .registerConverter(Duration.class, Arguments::duration)
            .execute(arguments);
    System.exit(place.termination.ends(code));
  }

  /** The content stands beside the torrent, as a grant would carry it. */
  private static Path contentOf(Path torrent) {
    return torrent.resolveSibling(torrent.getFileName() + ".content");
  }

  @Command(name = "make")
  static final class Make implements Runnable {
    @Parameters(index = "0")
    private Path directory;

    @Parameters(index = "1")
    private Path output;

    @Parameters(index = "2")
    private String announce;

    @Override
    public void run() {
      try {
        var manifest = directory.resolve(MANIFEST);
        Files.deleteIfExists(manifest);
        var summary = writeManifest(manifest);
        var metainfo = hash(manifest, summary);
        Files.write(
            output, new TorrentFile(metainfo, List.of(List.of(announce)), List.of()).encode());
        var content =
            new Content(
                summary.digest(),
                metainfo.infoHash().hex(),
                metainfo.pieceLength(),
                summary.contentBytes(),
                summary.files());
        Files.write(contentOf(output), Wire.encode(content));
        System.out.printf(
            "%s: %sB in %d pieces of %sB, info-hash %s%n",
            output,
            ByteSize.format(metainfo.totalLength()),
            metainfo.pieceCount(),
            ByteSize.format(metainfo.pieceLength()),
            metainfo.infoHash());
      } catch (Exception e) {
        throw new IllegalStateException("cannot publish " + directory, e);
      }
    }

    private ManifestSummary writeManifest(Path manifest) throws Exception {
      try (var names = Files.list(directory)) {
        var files = names.sorted().toList();
        try (var writer =
            new ManifestWriter(new BufferedOutputStream(Files.newOutputStream(manifest)))) {
          for (var file : files) {
            var name = file.getFileName().toString();
            writer.add(new ManifestEntry.File(name, Files.size(file), false, sha256(file)));
          }
          return writer.finish();
        }
      }
    }

    private static String sha256(Path file) throws Exception {
      var digest = MessageDigest.getInstance("SHA-256");
      try (var in = new DigestInputStream(Files.newInputStream(file), digest)) {
        in.transferTo(java.io.OutputStream.nullOutputStream());
      }
      return HexFormat.of().formatHex(digest.digest());
    }

    private Metainfo hash(Path manifest, ManifestSummary summary) throws Exception {
      int pieceLength = RevisionLayout.pieceLength(summary.contentBytes());
      try (var reader = new ManifestReader(Files.newInputStream(manifest))) {
        var info = RevisionLayout.of(reader, summary.manifestBytes(), pieceLength);
        try (var storage = SeedStorage.of(info.layout(), directory)) {
          var hasher = new PieceHasher(Runtime.getRuntime().availableProcessors());
          return info.build(
              hasher.hash(storage::read, info.totalLength(), pieceLength, hashed -> {}));
        }
      }
    }
  }

  @Command(name = "get")
  static final class Get implements Runnable {
    @CommandLine.ParentCommand private Place place;

    @Parameters(index = "0")
    private Path torrentPath;

    @Parameters(index = "1")
    private Path directory;

    @Mixin private SwarmArguments swarm;

    @Override
    public void run() {
      Logs.quiet();
      try {
        Files.createDirectories(directory);
        var config =
            new Roots.Root("bench", "/unused", List.of(), "0", null, "0s", null, null, "0s", null);
        try (var root = Root.open(config, directory, StoreOptions.ofThisMachine())) {
          download(root);
        }
      } catch (Exception e) {
        throw new IllegalStateException("cannot place " + torrentPath, e);
      }
    }

    private void download(Root root) throws Exception {
      var torrent = TorrentPathArgument.read(torrentPath);
      var content = Wire.decode(Files.readAllBytes(contentOf(torrentPath)), Content.class);
      var release = root.release(NAME);
      release.obey(new SignedGrant("bench", "none", "none"), grant(content));
      var started = System.nanoTime();
      try (var download = release.download(content, torrent.metainfo());
          var report = swarm.report(torrent.metainfo().name(), torrent.metainfo().totalLength());
          var session = new Session(torrent, download, swarm, TorrentOptions.defaults(), report)) {
        CompletableFuture.anyOf(session.whole(), session.failed()).get();
        release.activate(download.finish());
        report.complete(
            directory, content.sizeBytes(), Duration.ofNanos(System.nanoTime() - started));
        place.termination.requested().get();
      }
    }

    private static Grant grant(Content content) throws IOException {
      return new Grant(
          "bench",
          NAME,
          null,
          "bench",
          1,
          0,
          1,
          Grant.Action.ACTIVATE,
          content,
          content == null ? null : content.infoHash(),
          List.of(),
          DeletionPolicy.DELETE,
          List.of("node"));
    }
  }
}
