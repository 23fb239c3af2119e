package dev.corvid.cli.make;

import dev.corvid.bittorrent.metainfo.InfoBuilder;
import dev.corvid.bittorrent.metainfo.Metainfo;
import dev.corvid.bittorrent.metainfo.PieceHasher;
import dev.corvid.bittorrent.metainfo.PieceLength;
import dev.corvid.bittorrent.metainfo.TorrentFile;
import dev.corvid.cli.process.Arguments;
import dev.corvid.cli.process.Failure;
import dev.corvid.cli.process.Interruptible;
import dev.corvid.cli.swarm.TrackerUrls;
import dev.corvid.lifecycle.Termination;
import dev.corvid.seeder.unpack.FileFilter;
import dev.corvid.store.piece.SeedStorage;
import dev.corvid.wire.text.ByteSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "make",
    mixinStandardHelpOptions = true,
    description = "Makes a torrent of a directory or a file.")
public final class MakeCommand implements Callable<Integer> {
  private static final long MIN_PIECE = 16 << 10;
  private static final long MAX_PIECE = 64 << 20;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "DIR-or-FILE", description = "What to publish.")
  private Path content;

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "FILE",
      description = "The torrent to write.")
  private Path output;

  @Option(
      names = "--announce",
      paramLabel = "URL",
      description = "The tracker; repeatable, in the order in which they are tried.")
  private List<String> announce = List.of();

  @Option(names = "--private", description = "Peers come from the tracker alone (BEP 27).")
  private boolean isPrivate;

  @Mixin private FileOptions chosen;

  @Option(
      names = "--keep-git",
      description = "Keep the directories .git, which are left out otherwise.")
  private boolean keepGit;

  @Option(
      names = "--piece-length",
      paramLabel = "BYTES",
      defaultValue = "0",
      converter = Arguments.Size.class,
      description = "A power of two from 16Ki to 64Mi; chosen by the size if not given.")
  private long pieceLength;

  private final Termination termination;

  public MakeCommand(Termination termination) {
    this.termination = termination;
  }

  @Override
  public Integer call() throws Exception {
    checkArguments();
    return Interruptible.call(termination, this::make);
  }

  private int make() throws Exception {
    var source = content.toRealPath();
    var target = TorrentOutput.at(output);
    if (target.isInside(source)) {
      throw usage("the torrent would be inside its own content: " + output);
    }
    var isDirectory = Files.isDirectory(source);
    List<ScannedFile> files = new ArrayList<>();
    var info = isDirectory ? tree(source, files) : file(source, files);
    for (var file : files) {
      file.requireTrueSize();
    }
    var metainfo = hash(info, source);
    for (var file : files) {
      file.requireUnchanged();
    }
    var trackers = announce.stream().map(List::of).toList();
    target.write(new TorrentFile(metainfo, trackers, List.of()).encode());
    tell(metainfo);
    return 0;
  }

  private void checkArguments() {
    if (pieceLength != 0
        && (pieceLength < MIN_PIECE
            || pieceLength > MAX_PIECE
            || Long.bitCount(pieceLength) != 1)) {
      throw usage("--piece-length must be a power of two from 16Ki to 64Mi");
    }
    if (isPrivate && announce.isEmpty()) {
      throw usage("a private torrent needs --announce: its peers cannot be found otherwise");
    }
    for (var url : announce) {
      if (TrackerUrls.usable(url).isEmpty()) {
        throw usage("'" + url + "' is not the URL of a tracker; write http://host:7070/announce");
      }
    }
  }

  private InfoBuilder tree(Path root, List<ScannedFile> files) throws IOException, Failure {
    var filter = chosen.filter();
    var scan = TreeScan.of(root, filter, keepGit);
    for (var git : scan.gitDirectories()) {
      System.err.println("left out: " + git + "; --keep-git keeps it");
    }
    requireSome(!scan.isEmpty(), filter);
    filter.idle().forEach(System.err::println);
    var info = builder(scan.totalLength());
    scan.addTo(info);
    files.addAll(scan.files());
    if (scan.emptyDirectories() > 0) {
      System.err.println("left out: " + scan.emptyDirectories() + " empty directories");
    }
    return info;
  }

  private InfoBuilder file(Path file, List<ScannedFile> files) throws IOException, Failure {
    var attributes = Files.readAttributes(file, BasicFileAttributes.class);
    if (!attributes.isRegularFile()) {
      throw new Failure(content + " is neither a file nor a directory: a torrent cannot hold it");
    }
    var filter = chosen.filter();
    requireSome(filter.takes(List.of(name())), filter);
    filter.idle().forEach(System.err::println);
    files.add(ScannedFile.of(file, attributes));
    return builder(attributes.size()).onlyFile(attributes.size(), Files.isExecutable(file));
  }

  private void requireSome(boolean some, FileFilter filter) throws Failure {
    if (!some && !filter.shown().isEmpty()) {
      throw new Failure("nothing is left of " + content + " by " + filter.shown());
    }
  }

  private String name() throws Failure {
    var last = content.toAbsolutePath().normalize().getFileName();
    return last == null ? "root" : TreeScan.nameOf(last);
  }

  private InfoBuilder builder(long totalLength) throws Failure {
    var length = pieceLength != 0 ? (int) pieceLength : PieceLength.forSize(totalLength);
    var info = new InfoBuilder(name(), length);
    return isPrivate ? info.makePrivate() : info;
  }

  private static Metainfo hash(InfoBuilder info, Path source)
      throws IOException, InterruptedException {
    var layout = info.layout();
    var hasher = new PieceHasher(Runtime.getRuntime().availableProcessors());
    try (var storage = SeedStorage.of(layout, source)) {
      return info.build(
          hasher.hash(storage::read, layout.totalLength(), layout.pieceLength(), _ -> {}));
    }
  }

  private void tell(Metainfo metainfo) {
    System.out.printf(
        "%s: %sB in %d pieces of %sB, info-hash %s%n",
        output,
        ByteSize.format(metainfo.totalLength()),
        metainfo.pieceCount(),
        ByteSize.format(metainfo.pieceLength()),
        metainfo.infoHash());
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
