package dev.corvid.cli.swarm;

import dev.corvid.bittorrent.ErrorMessage;
import dev.corvid.bittorrent.metainfo.Metainfo;
import dev.corvid.bittorrent.metainfo.MetainfoException;
import dev.corvid.bittorrent.metainfo.TorrentFile;
import dev.corvid.cli.process.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads the .torrent file that an argument names. */
final class TorrentPathArgument {
  private static final int MAX_BYTES = Metainfo.MAX_INFO_BYTES + (1 << 20);

  private TorrentPathArgument() {}

  static TorrentFile read(Path path) throws Failure {
    try (var in = Files.newInputStream(path)) {
      var bytes = in.readNBytes(MAX_BYTES);
      if (in.read() >= 0) {
        throw new Failure(path + " is larger than any torrent");
      }
      return TorrentFile.parse(bytes);
    } catch (NoSuchFileException e) {
      throw new Failure("there is no file " + path, e);
    } catch (MetainfoException e) {
      throw new Failure(path + ": " + ErrorMessage.of(e), e);
    } catch (IOException e) {
      throw new Failure("cannot read " + path + ": " + ErrorMessage.of(e), e);
    }
  }
}
