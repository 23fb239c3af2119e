package dev.corvid.bittorrent.metainfo;

import static org.assertj.core.api.Assertions.assertThat;

import bt.metainfo.MetadataService;
import bt.metainfo.Torrent;
import bt.torrent.maker.TorrentBuilder;
import bt.tracker.AnnounceKey;
import dev.corvid.fuzz.RandomCases;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** bt-core reads the torrents that we make, and we read those that it makes. */
class MetainfoOracleTest {
  private static final List<List<String>> TRACKERS =
      List.of(List.of("http://a/announce", "http://b/announce"), List.of("http://c/announce"));

  private static final List<List<String>> FIRST = List.of(List.of("http://a/announce"));

  @TempDir Path directory;

  /**
   * It has neither attributes nor links nor pads (BEP 47): all are files to it. Of a private
   * torrent's trackers it reads the first alone.
   */
  @Test
  void itReadsTheTorrentsThatWeMake() {
    var service = new MetadataService();
    RandomCases.run(
        300,
        random -> {
          var ours = torrent(random);

          var theirs = service.fromByteArray(new TorrentFile(ours, TRACKERS, List.of()).encode());

          assertThat(theirs.getTorrentId().getBytes()).isEqualTo(ours.infoHash().toBytes());
          assertThat(theirs.getName()).isEqualTo(ours.name());
          assertThat(theirs.getChunkSize()).isEqualTo(ours.pieceLength());
          assertThat(theirs.getSize()).isEqualTo(ours.totalLength());
          assertThat(theirs.isPrivate()).isEqualTo(ours.isPrivate());
          assertThat(trackers(theirs.getAnnounceKey().orElseThrow()))
              .isEqualTo(ours.isPrivate() ? FIRST : TRACKERS);
          assertThat(theirs.getChunkHashes())
              .containsExactlyElementsOf(
                  IntStream.range(0, ours.pieceCount()).mapToObj(ours::pieceHash).toList());
          assertThat(files(theirs)).isEqualTo(files(ours));
        });
  }

  @Test
  void weReadTheTorrentsThatItMakes() {
    RandomCases.run(
        5,
        random -> {
          var root = Files.createTempDirectory(directory, "tree");
          var content = new TreeMap<Path, byte[]>();
          for (var left = 2 + random.nextInt(5); left > 0; left--) {
            var path = root.resolve(random.nextInt(3) + "/" + (char) ('a' + left));
            var bytes = new byte[1 + random.nextInt(3000)];
            random.nextBytes(bytes);
            Files.createDirectories(path.getParent());
            content.put(Files.write(path, bytes), bytes);
          }
          var isPrivate = random.nextBoolean();
          var made =
              new TorrentBuilder()
                  .rootPath(root)
                  .addFile(root)
                  .addAnnounceGroup(TRACKERS.getFirst())
                  .addAnnounceGroup(TRACKERS.getLast())
                  .pieceSize(1024)
                  .privateFlag(isPrivate)
                  .build();

          var file = TorrentFile.parse(made);
          var ours = file.metainfo();

          assertThat(file.trackers()).isEqualTo(TRACKERS);
          assertThat(ours.infoHash().toBytes())
              .isEqualTo(new MetadataService().fromByteArray(made).getTorrentId().getBytes());
          assertThat(ours.isPrivate()).isEqualTo(isPrivate);
          assertThat(files(ours).stream().sorted())
              .containsExactlyElementsOf(
                  content.entrySet().stream()
                      .map(
                          entry -> root.relativize(entry.getKey()) + ": " + entry.getValue().length)
                      .toList());
          assertThat(hashes(ours)).isEqualTo(hashes(ours, root));
        });
  }

  private static List<List<String>> trackers(AnnounceKey key) {
    return key.isMultiKey() ? key.getTrackerUrls() : List.of(List.of(key.getTrackerUrl()));
  }

  private static Metainfo torrent(RandomGenerator random) throws Exception {
    var builder = new InfoBuilder("name-ü-" + random.nextInt(), 1 << 4 + random.nextInt(12));
    if (random.nextBoolean()) {
      builder.makePrivate();
    }
    if (random.nextInt(4) == 0) {
      builder.onlyFile(1 + random.nextInt(1 << 16), random.nextBoolean());
    } else {
      for (var left = 1 + random.nextInt(20); left > 0; left--) {
        builder.file("d" + left % 3 + "/ü" + left, random.nextInt(5000), random.nextBoolean());
      }
      builder.link("d0/link", "../d1/ü4");
    }
    var hashes = new byte[builder.pieceCount() * 20];
    random.nextBytes(hashes);
    return builder.build(hashes);
  }

  /** Paths and lengths, in their order. */
  private static List<String> files(Metainfo torrent) {
    return IntStream.range(0, torrent.fileCount())
        .mapToObj(file -> torrent.path(file) + ": " + torrent.length(file))
        .toList();
  }

  private static List<String> files(Torrent torrent) {
    return torrent.getFiles().stream()
        .map(file -> String.join("/", file.getPathElements()) + ": " + file.getSize())
        .toList();
  }

  private static List<String> hashes(Metainfo torrent) {
    return IntStream.range(0, torrent.pieceCount())
        .mapToObj(piece -> Arrays.toString(torrent.pieceHash(piece)))
        .toList();
  }

  /** Of the files on the disk, in the torrent's order. */
  private static List<String> hashes(Metainfo torrent, Path root) throws Exception {
    var content = new byte[(int) torrent.totalLength()];
    for (var file = 0; file < torrent.fileCount(); file++) {
      var bytes = Files.readAllBytes(root.resolve(torrent.path(file)));
      System.arraycopy(bytes, 0, content, (int) torrent.offset(file), bytes.length);
    }
    var hashes = new ArrayList<String>();
    for (var piece = 0; piece < torrent.pieceCount(); piece++) {
      var digest = MessageDigest.getInstance("SHA-1");
      digest.update(content, (int) torrent.pieceOffset(piece), torrent.pieceLength(piece));
      hashes.add(Arrays.toString(digest.digest()));
    }
    return hashes;
  }
}
