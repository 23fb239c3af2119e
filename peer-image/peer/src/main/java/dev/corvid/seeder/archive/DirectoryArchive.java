package dev.corvid.seeder.archive;

import static java.util.Objects.requireNonNull;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;

/**
 * What is below a directory, as an archive of it would have it: {@code tar -C DIR -cf - .}, with
 * names that begin below it. Links are not followed.
 */
public final class DirectoryArchive implements Archive {
  private static final int TYPE_MASK = 0170000;
  private static final int EXECUTABLE = 0111;

  private final Path root;
  private final Deque<Opened> opened = new ArrayDeque<>();
  private Path current;
  private long size;
  private InputStream body = InputStream.nullInputStream();

  private record Opened(DirectoryStream<Path> stream, Iterator<Path> entries) {}

  public DirectoryArchive(Path root) throws IOException {
    this.root = root;
    this.current = root;
    open(root);
  }

  private void open(Path directory) throws IOException {
    var stream = Files.newDirectoryStream(directory);
    opened.push(new Opened(stream, stream.iterator()));
  }

  @Override
  public Optional<Entry> next() throws IOException {
    body.close();
    while (!opened.isEmpty() && !opened.peek().entries().hasNext()) {
      opened.pop().stream().close();
    }
    if (opened.isEmpty()) {
      return Optional.empty();
    }
    current = opened.peek().entries().next();
    var name = root.relativize(current).toString();
    if (!isText(current)) {
      return Optional.of(
          Entry.faulty(
              name.replace('\uFFFD', '?'),
              new RefusedArchiveException(
                  "the name of %s is not text: rename it, or say how names are encoded by LC_ALL=C.UTF-8"
                      .formatted(EntryText.shown(current.toString())))));
    }
    try {
      return Optional.of(entry(name));
    } catch (RefusedArchiveException e) {
      return Optional.of(Entry.faulty(name, e));
    } catch (IOException e) {
      return Optional.of(
          Entry.faulty(name, new RefusedArchiveException(current + " cannot be read: " + e, e)));
    }
  }

  /** Java shows bytes that its encoding of names lacks as other ones, which name no file. */
  private static boolean isText(Path file) {
    try {
      return Path.of(file.toString()).equals(file);
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private Entry entry(String name) throws IOException {
    var attributes = Files.readAttributes(current, "unix:mode,size", LinkOption.NOFOLLOW_LINKS);
    int mode = (Integer) requireNonNull(attributes.get("mode"));
    var type = type(mode);
    size = type == Entry.Type.FILE ? (Long) requireNonNull(attributes.get("size")) : 0;
    if (type == Entry.Type.DIRECTORY) {
      open(current);
    }
    var target = type == Entry.Type.SYMBOLIC_LINK ? target() : "";
    boolean executable = type == Entry.Type.FILE && (mode & EXECUTABLE) != 0;
    return new Entry(type, name, target, size, executable, null);
  }

  private String target() throws IOException {
    var target = Files.readSymbolicLink(current);
    if (!isText(target)) {
      throw new RefusedArchiveException(
          "the link %s has a text that is not UTF-8: replace it, or say how names are encoded by LC_ALL=C.UTF-8"
              .formatted(EntryText.shown(current.toString())));
    }
    return target.toString();
  }

  private Entry.Type type(int mode) throws RefusedArchiveException {
    return switch (mode & TYPE_MASK) {
      case 0100000 -> Entry.Type.FILE;
      case 0040000 -> Entry.Type.DIRECTORY;
      case 0120000 -> Entry.Type.SYMBOLIC_LINK;
      case 0020000 -> Entry.Type.CHARACTER_DEVICE;
      case 0060000 -> Entry.Type.BLOCK_DEVICE;
      case 0010000 -> Entry.Type.FIFO;
      case 0140000 -> Entry.Type.SOCKET;
      default ->
          throw new RefusedArchiveException(
              "%s has mode %o, which is no kind of file"
                  .formatted(EntryText.shown(current.toString()), mode));
    };
  }

  @Override
  public InputStream body() throws IOException {
    try {
      // Of a channel, whose reads an interrupt ends.
      var file = FileChannel.open(current, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
      body = new Unchanged(Channels.newInputStream(file), current, size);
      return body;
    } catch (IOException e) {
      throw new RefusedArchiveException(current + " cannot be read: " + e, e);
    }
  }

  @Override
  public void close() throws IOException {
    body.close();
    for (var directory : opened) {
      directory.stream().close();
    }
  }

  /** A file of the length that it had. */
  private static final class Unchanged extends FilterInputStream {
    private final Path file;
    private long left;

    Unchanged(InputStream in, Path file, long size) {
      super(in);
      this.file = file;
      this.left = size;
    }

    @Override
    public int read() throws IOException {
      var one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int count = in.read(target, offset, length);
      left -= Math.max(count, 0);
      if (left < 0 || count < 0 && left > 0) {
        throw new RefusedArchiveException(
            EntryText.shown(file.toString()) + " changed while it was read; try again");
      }
      return count;
    }
  }
}
