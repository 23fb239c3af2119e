package dev.corvid.store.disk;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An LRU cache of open files, bounded over all storages together. A file in use is never closed.
 * Thread-safe.
 */
public final class OpenFileCache {
  public static final int LIMIT = 256;

  private final int limit;
  private final Map<Key, Open> files = new LinkedHashMap<>(16, 0.75f, true);

  public OpenFileCache(int limit) {
    this.limit = limit;
  }

  /** Whose files they are, by their numbers in a torrent. */
  public interface Source {
    DataFile open(int file, boolean forWriting) throws IOException;
  }

  /** What is done with an open file. */
  @FunctionalInterface
  public interface Action<T> {
    T on(DataFile file) throws IOException;
  }

  private record Key(Source source, int file) {}

  private static final class Open {
    final DataFile file;
    final boolean forWriting;
    int users;
    boolean dropped;

    Open(DataFile file, boolean forWriting) {
      this.file = file;
      this.forWriting = forWriting;
    }
  }

  public <T> T use(Source source, int file, boolean forWriting, Action<T> action)
      throws IOException {
    var open = acquire(new Key(source, file), forWriting);
    try {
      return action.on(open.file);
    } finally {
      release(open);
    }
  }

  /** Closes what belongs to the source; what is in use, as soon as it is not. */
  public synchronized void closeAll(Source source) throws IOException {
    for (var each = files.entrySet().iterator(); each.hasNext(); ) {
      var entry = each.next();
      if (entry.getKey().source == source) {
        each.remove();
        drop(entry.getValue());
      }
    }
  }

  private synchronized Open acquire(Key key, boolean forWriting) throws IOException {
    var open = files.get(key);
    if (open == null || (forWriting && !open.forWriting)) {
      var opened = new Open(key.source.open(key.file, forWriting), forWriting);
      if (open != null) {
        drop(open);
      }
      files.put(key, opened);
      open = opened;
      open.users++;
      closeEldest();
    } else {
      open.users++;
    }
    return open;
  }

  private synchronized void release(Open open) throws IOException {
    if (--open.users == 0 && open.dropped) {
      open.file.close();
    }
  }

  private void closeEldest() throws IOException {
    for (var each = files.values().iterator(); files.size() > limit && each.hasNext(); ) {
      var eldest = each.next();
      if (eldest.users == 0) {
        each.remove();
        eldest.file.close();
      }
    }
  }

  private void drop(Open open) throws IOException {
    open.dropped = true;
    if (open.users == 0) {
      open.file.close();
    }
  }
}
