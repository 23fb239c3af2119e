package dev.corvid.store;

import dev.corvid.store.disk.DataFile;
import dev.corvid.store.disk.Directory;
import dev.corvid.store.disk.DiskError;
import dev.corvid.store.disk.SecureDirectory;
import dev.corvid.store.error.StoreException;
import dev.corvid.wire.config.Roots;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A real directory on a machine that stops before a given step. What a power failure takes is kept
 * in memory: the bytes of files that were not synced, and the names that changed in directories
 * that were not synced since. Names come back in the order of a journal: what is synced is so with
 * all that was before.
 */
public final class CrashingDisk implements Closeable {
  /** The machine has stopped. */
  public static final class PowerOff extends Error {
    private static final long serialVersionUID = 1L;
  }

  private record Change(List<Path> directories, Undo undo) {}

  private interface Undo {
    void run() throws IOException;
  }

  private final Path path;
  private final int stopBefore;
  private final Deque<Change> journal = new ArrayDeque<>();
  private final Map<Object, byte[]> lastSynced = new HashMap<>();
  private final List<Closeable> open = new ArrayList<>();
  private int steps;
  private boolean full;
  private volatile boolean failingCloses;
  private volatile boolean failingSyncs;
  private long free = -1;
  private volatile Runnable beforeWrite = () -> {};
  private final AtomicLong bytesRead = new AtomicLong();

  public CrashingDisk(Path path, int stopBefore) {
    this.path = path;
    this.stopBefore = stopBefore;
  }

  /** Somebody takes all the room there is, until a file is deleted. */
  public synchronized void fill() {
    full = true;
  }

  /** There is room again. */
  public synchronized void drain() {
    full = false;
  }

  /** What else happens on the machine before bytes are written to a file. */
  public void beforeEachWrite(Runnable happens) {
    beforeWrite = happens;
  }

  /** Whether files say on closing that what was written may not be on the disk. */
  synchronized void failCloses(boolean fail) {
    failingCloses = fail;
  }

  /** Whether the bytes of files cannot be synced. */
  void failSyncs(boolean fail) {
    failingSyncs = fail;
  }

  /** Opens the directory as a root whose work is done at once, and in order. */
  public Root open(Roots.Root config, StoreOptions options) throws StoreException {
    try {
      return Root.open(config, top(), options, StoreFixture.INLINE);
    } catch (IOException e) {
      throw DiskError.of("cannot open root " + config.name(), e);
    }
  }

  /** Of all files since the beginning. */
  long bytesRead() {
    return bytesRead.get();
  }

  /** Says that so many bytes are free, whatever is written. */
  synchronized void free(long bytes) {
    free = bytes;
  }

  Directory top() throws IOException {
    return opened(new Traced(SecureDirectory.open(path), path));
  }

  /** Takes away what was not synced: all unsynced bytes, and the later part of the names. */
  public synchronized void losePower(boolean namesToo) throws IOException {
    try (var paths = Files.walk(path)) {
      for (var file :
          paths.filter(each -> Files.isRegularFile(each, LinkOption.NOFOLLOW_LINKS)).toList()) {
        var synced = lastSynced.get(key(file));
        if (synced != null) {
          var mode = Files.getPosixFilePermissions(file);
          var length = (int) Files.size(file);
          Files.setPosixFilePermissions(
              file, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
          Files.write(file, Arrays.copyOf(synced, length));
          Files.setPosixFilePermissions(file, mode);
        }
      }
    }
    while (namesToo && !journal.isEmpty()) {
      journal.removeLast().undo.run();
    }
  }

  @Override
  public synchronized void close() throws IOException {
    for (var each : open.reversed()) {
      each.close();
    }
    open.clear();
  }

  private synchronized void step() {
    if (++steps >= stopBefore) {
      throw new PowerOff();
    }
  }

  private synchronized <T extends Closeable> T opened(T resource) {
    open.add(resource);
    return resource;
  }

  private static Object key(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
        .fileKey();
  }

  private synchronized void changed(Undo undo, Path... directories) {
    journal.addLast(new Change(List.of(directories), undo));
  }

  private synchronized void synced(Path directory) {
    var last = 0;
    var at = 0;
    for (var change : journal) {
      at++;
      if (change.directories.contains(directory)) {
        last = at;
      }
    }
    for (var i = 0; i < last; i++) {
      journal.removeFirst();
    }
  }

  /** What brings back a file or link that is about to go. */
  private static Undo restoring(Path victim) throws IOException {
    if (!Files.exists(victim, LinkOption.NOFOLLOW_LINKS)) {
      return () -> {};
    }
    if (Files.isSymbolicLink(victim)) {
      var text = Files.readSymbolicLink(victim);
      return () -> Files.createSymbolicLink(victim, text);
    }
    if (Files.isDirectory(victim)) {
      return () -> Files.createDirectory(victim);
    }
    var bytes = Files.readAllBytes(victim);
    var mode = Files.getPosixFilePermissions(victim);
    return () -> {
      Files.write(victim, bytes);
      Files.setPosixFilePermissions(victim, mode);
    };
  }

  private final class Traced implements Directory {
    private final Directory real;
    private final Path path;

    Traced(Directory real, Path path) {
      this.real = real;
      this.path = path;
    }

    /** Directories are renamed while they are open; what counts is where they are now. */
    private Path path(String name) {
      return path.resolve(name);
    }

    @Override
    public Directory enter(String name) throws IOException {
      return opened(new Traced(real.enter(name), path(name)));
    }

    @Override
    public Directory make(String name) throws IOException {
      if (real.find(name).isEmpty()) {
        step();
        changed(() -> Files.delete(path(name)), path);
      }
      return opened(new Traced(real.make(name), path(name)));
    }

    @Override
    public void link(String name, String text) throws IOException {
      step();
      real.link(name, text);
      changed(() -> Files.delete(path(name)), path);
    }

    @Override
    public String linkText(String name) throws IOException {
      return real.linkText(name);
    }

    @Override
    public DataFile read(String name) throws IOException {
      return opened(new TracedFile(real.read(name), path(name)));
    }

    @Override
    public DataFile write(String name) throws IOException {
      var isNew = real.find(name).isEmpty();
      if (isNew) {
        step();
      }
      var file = opened(new TracedFile(real.write(name), path(name)));
      if (isNew) {
        changed(() -> Files.delete(path(name)), path);
      }
      return file;
    }

    @Override
    public Optional<Entry> find(String name) throws IOException {
      return real.find(name);
    }

    @Override
    public List<String> names() throws IOException {
      return real.names();
    }

    @Override
    public void move(String name, Directory to, String newName) throws IOException {
      step();
      var target = (Traced) to;
      var from = path(name);
      var there = target.path(newName);
      var replaced = restoring(there);
      real.move(name, target.real, newName);
      changed(
          () -> {
            Files.move(there, from);
            replaced.run();
          },
          path,
          target.path);
    }

    @Override
    public void delete(String name) throws IOException {
      var undo = restoring(path(name));
      if (real.find(name).isPresent()) {
        step();
        changed(undo, path);
      }
      real.delete(name);
      full = false;
    }

    @Override
    public void deleteDirectory(String name) throws IOException {
      step();
      real.deleteDirectory(name);
      changed(() -> Files.createDirectory(path(name)), path);
    }

    @Override
    public void mode(String name, int mode) throws IOException {
      step();
      real.mode(name, mode);
    }

    @Override
    public void stamp(String name, long modified) throws IOException {
      step();
      real.stamp(name, modified);
    }

    @Override
    public long born(String name) throws IOException {
      return real.born(name);
    }

    @Override
    public void sync() {
      step();
      synced(path);
    }

    @Override
    public Space space() throws IOException {
      synchronized (CrashingDisk.this) {
        return free < 0 ? real.space() : new Space(real.space().total(), free);
      }
    }

    @Override
    public Access access() throws IOException {
      return real.access();
    }

    @Override
    public Optional<Closeable> lock(String name) throws IOException {
      return real.lock(name).map(CrashingDisk.this::opened);
    }

    @Override
    public void close() throws IOException {
      real.close();
    }

    @Override
    public String toString() {
      return real.toString();
    }
  }

  private final class TracedFile implements DataFile {
    private final DataFile real;
    private final Object key;

    TracedFile(DataFile real, Path path) throws IOException {
      this.real = real;
      this.key = key(path);
    }

    @Override
    public long size() throws IOException {
      return real.size();
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
      var count = real.read(target, position);
      bytesRead.addAndGet(Math.max(0, count));
      return count;
    }

    @Override
    public void write(ByteBuffer data, long position) throws IOException {
      beforeWrite.run();
      if (full) {
        throw new IOException("No space left on device");
      }
      step();
      remember();
      real.write(data, position);
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel target)
        throws IOException {
      return real.transferTo(position, count, target);
    }

    @Override
    public void copy(DataFile from, long fromPosition, long position, long count)
        throws IOException {
      step();
      remember();
      real.copy(((TracedFile) from).real, fromPosition, position, count);
    }

    @Override
    public void truncate(long size) throws IOException {
      step();
      remember();
      real.truncate(size);
    }

    @Override
    public ByteBuffer map() throws IOException {
      var bytes = ByteBuffer.allocate((int) real.size());
      real.read(bytes, 0);
      return bytes.flip();
    }

    @Override
    public void sync() throws IOException {
      step();
      if (failingSyncs) {
        throw new IOException("Input/output error");
      }
      synchronized (CrashingDisk.this) {
        lastSynced.remove(key);
      }
    }

    @Override
    public void close() throws IOException {
      real.close();
      if (failingCloses) {
        throw new IOException("Input/output error");
      }
    }

    private void remember() throws IOException {
      synchronized (CrashingDisk.this) {
        if (!lastSynced.containsKey(key)) {
          var bytes = ByteBuffer.allocate((int) real.size());
          real.read(bytes, 0);
          lastSynced.put(key, bytes.array());
        }
      }
    }
  }
}
