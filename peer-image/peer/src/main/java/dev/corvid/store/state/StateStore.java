package dev.corvid.store.state;

import dev.corvid.bittorrent.metainfo.Metainfo;
import dev.corvid.store.disk.DataFile;
import dev.corvid.store.disk.DataInput;
import dev.corvid.store.disk.Directory;
import dev.corvid.store.disk.OsError;
import dev.corvid.store.disk.Tree;
import dev.corvid.store.disk.TreeFiles;
import dev.corvid.wire.Wire;
import dev.corvid.wire.WireException;
import dev.corvid.wire.grant.ReleaseName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * What is remembered of releases, a file for each, replaced by rename; beside them, for each
 * revision, its info dictionary and its manifest.
 *
 * <p>Names have no dots, so {@code <namespace>.<name>} is unambiguous.
 */
public final class StateStore {
  private static final Logger LOG = Logger.getLogger(StateStore.class.getName());
  private static final String RECORD = ".json";
  private static final String INFO = ".info";
  private static final String MANIFEST = ".manifest";
  private static final String NEW = ".new";
  private static final String SPARE = "spare";
  private static final int SPARE_BYTES = 64 << 10;
  private static final int MAX_BYTES = 1 << 20;

  private final Directory directory;

  public StateStore(Directory directory) {
    this.directory = directory;
  }

  /** Every record that can be read, and whether that is all of them. */
  public record All(List<ReleaseState> states, boolean complete) {}

  public All readAll() throws IOException {
    var states = new ArrayList<ReleaseState>();
    var complete = true;
    for (var name : directory.names()) {
      if (name.endsWith(RECORD)) {
        try {
          states.add(read(name));
        } catch (WireException e) {
          complete = false;
          LOG.log(
              Level.SEVERE,
              "%s/%s cannot be read, so its release is suspended on this node and nothing is cleaned up: %s"
                  .formatted(directory, name, e.getMessage()));
        }
      }
    }
    return new All(states, complete);
  }

  public boolean has(ReleaseName release) throws IOException {
    return directory.find(recordName(release)).isPresent();
  }

  /** On a disk that another program has filled, it uses the space that was kept in reserve. */
  public void write(ReleaseState state) throws IOException {
    var name = recordName(state.release());
    var text = Wire.encode(state);
    try {
      replace(name, ByteBuffer.wrap(text));
    } catch (IOException e) {
      if (OsError.of(e) != OsError.DISK_FULL || directory.find(SPARE).isEmpty()) {
        throw e;
      }
      directory.delete(SPARE);
      replace(name, ByteBuffer.wrap(text));
    }
  }

  /**
   * Keeps a little room back, so that a removal can be remembered on a full disk: it makes room.
   */
  public void keepSpare() throws IOException {
    if (directory.find(SPARE).isPresent()) {
      return;
    }
    try (var spare = directory.write(SPARE)) {
      spare.write(ByteBuffer.allocate(SPARE_BYTES), 0);
      spare.sync();
    } catch (IOException e) {
      if (OsError.of(e) != OsError.DISK_FULL) {
        throw e;
      }
    }
  }

  public void writeInfo(String id, Metainfo metainfo) throws IOException {
    replace(id + INFO, metainfo.infoBytes());
  }

  /** Stays a file: it is mapped, not read. */
  public Metainfo info(String id) throws IOException {
    try (var file = directory.read(id + INFO)) {
      return Metainfo.ofInfo(file.map());
    }
  }

  /**
   * Bytes that belong to no revision yet, in a mapped file without a name: it lasts for as long as
   * it is used.
   */
  public ByteBuffer keep(List<ByteBuffer> parts) throws IOException {
    var name = UUID.randomUUID() + NEW;
    try {
      try (var file = directory.write(name)) {
        var position = 0L;
        for (var part : parts) {
          var bytes = part.duplicate();
          var length = bytes.remaining();
          file.write(bytes, position);
          position += length;
        }
      }
      try (var file = directory.read(name)) {
        return file.map();
      }
    } finally {
      directory.deleteIfPresent(name);
    }
  }

  public DataFile manifest(String id) throws IOException {
    return directory.read(id + MANIFEST);
  }

  /** A torrent's files: the tree, and the manifest that is kept here. */
  public TreeFiles files(String id, Metainfo metainfo, Tree tree) {
    return new TreeFiles(metainfo, tree, directory, id + MANIFEST);
  }

  public void forget(String id) throws IOException {
    directory.deleteIfPresent(id + INFO);
    directory.deleteIfPresent(id + MANIFEST);
  }

  /** Makes the manifest's name durable; its bytes are synced with the other files. */
  public void sync() throws IOException {
    directory.sync();
  }

  /** Deletes what belongs to no revision of these. */
  public void sweep(Set<String> ids) throws IOException {
    for (var name : directory.names()) {
      var dot = name.lastIndexOf('.');
      if (!name.endsWith(RECORD)
          && !name.equals(SPARE)
          && !ids.contains(name.substring(0, Math.max(dot, 0)))) {
        directory.deleteIfPresent(name);
      }
    }
  }

  private ReleaseState read(String name) throws IOException {
    try (var file = directory.read(name)) {
      if (file.size() > MAX_BYTES) {
        throw new WireException("it has more than " + MAX_BYTES + " bytes");
      }
      var bytes = new DataInput(file).readNBytes((int) file.size());
      var state = Wire.decode(bytes, ReleaseState.class);
      if (state.version() > ReleaseState.VERSION) {
        throw new WireException("a later version of Corvid wrote it; go back to that one");
      }
      if (!recordName(state.release()).equals(name)) {
        throw new WireException("it speaks of " + state.release());
      }
      return state;
    }
  }

  private void replace(String name, ByteBuffer bytes) throws IOException {
    directory.deleteIfPresent(name + NEW);
    try (var file = directory.write(name + NEW)) {
      file.write(bytes, 0);
      file.sync();
    }
    directory.move(name + NEW, directory, name);
    directory.sync();
  }

  private static String recordName(ReleaseName release) {
    return release.namespace() + "." + release.name() + RECORD;
  }
}
