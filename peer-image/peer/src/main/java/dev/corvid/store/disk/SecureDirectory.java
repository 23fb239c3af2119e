package dev.corvid.store.disk;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** A real directory, held by its descriptor: {@code openat}, {@code renameat}, {@code unlinkat}. */
public final class SecureDirectory implements Directory {
  private static final Path SELF = Path.of(".");
  private static final Path PROCESS = Path.of("/proc/self");
  private static final String ROOT_USER = "0";
  private static final PosixFilePermission[] BITS = PosixFilePermission.values();

  private final SecureDirectoryStream<Path> stream;
  private final Path path;

  private SecureDirectory(SecureDirectoryStream<Path> stream, Path path) {
    this.stream = stream;
    this.path = path;
  }

  /** The directory of that path, which may lead through links. */
  public static SecureDirectory open(Path path) throws IOException {
    var stream = Files.newDirectoryStream(path);
    if (stream instanceof SecureDirectoryStream<Path> secure) {
      return new SecureDirectory(secure, path.toAbsolutePath());
    }
    stream.close();
    throw new IOException(path + " is on a system without openat; Corvid needs Linux");
  }

  @Override
  public Directory enter(String name) throws IOException {
    var at = component(name);
    return new SecureDirectory(stream.newDirectoryStream(at, NOFOLLOW_LINKS), path.resolve(at));
  }

  @Override
  public Directory make(String name) throws IOException {
    requireInPlace();
    try {
      Files.createDirectory(path.resolve(component(name)));
      mode(name, 0755);
    } catch (FileAlreadyExistsException e) {
      // entering tells whether it is a directory
    }
    return enter(name);
  }

  @Override
  public void link(String name, String text) throws IOException {
    requireInPlace();
    Files.createSymbolicLink(path.resolve(component(name)), Path.of(text));
    if (find(name).isEmpty()) {
      throw replaced();
    }
  }

  @Override
  public String linkText(String name) throws IOException {
    var text = Files.readSymbolicLink(path.resolve(component(name))).toString();
    requireInPlace();
    return text;
  }

  @Override
  public DataFile read(String name) throws IOException {
    return new ChannelFile(channel(component(name), Set.of(READ, NOFOLLOW_LINKS)));
  }

  @Override
  public DataFile write(String name) throws IOException {
    return new ChannelFile(channel(component(name), Set.of(READ, WRITE, CREATE, NOFOLLOW_LINKS)));
  }

  @Override
  public Optional<Entry> find(String name) throws IOException {
    try {
      var attributes = view(name).readAttributes();
      var kind =
          attributes.isRegularFile()
              ? Kind.FILE
              : attributes.isDirectory()
                  ? Kind.DIRECTORY
                  : attributes.isSymbolicLink() ? Kind.LINK : Kind.OTHER;
      return Optional.of(
          new Entry(kind, attributes.size(), attributes.lastModifiedTime().to(TimeUnit.SECONDS)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  @Override
  public List<String> names() throws IOException {
    var names = new ArrayList<String>();
    try (var entries = stream.newDirectoryStream(SELF, NOFOLLOW_LINKS)) {
      entries.forEach(entry -> names.add(entry.getFileName().toString()));
    } catch (java.nio.file.DirectoryIteratorException e) {
      throw e.getCause();
    }
    return names;
  }

  @Override
  public void move(String name, Directory to, String newName) throws IOException {
    stream.move(component(name), ((SecureDirectory) to).stream, component(newName));
  }

  @Override
  public void delete(String name) throws IOException {
    stream.deleteFile(component(name));
  }

  @Override
  public void deleteDirectory(String name) throws IOException {
    stream.deleteDirectory(component(name));
  }

  @Override
  public void mode(String name, int mode) throws IOException {
    var permissions = EnumSet.noneOf(PosixFilePermission.class);
    for (var bit : BITS) {
      if ((mode & 0400 >> bit.ordinal()) != 0) {
        permissions.add(bit);
      }
    }
    view(name).setPermissions(permissions);
  }

  @Override
  public void stamp(String name, long modified) throws IOException {
    view(name).setTimes(FileTime.from(modified, TimeUnit.SECONDS), null, null);
  }

  @Override
  public long born(String name) throws IOException {
    return view(name).readAttributes().creationTime().to(TimeUnit.NANOSECONDS);
  }

  @Override
  public void sync() throws IOException {
    try (var self = channel(SELF, Set.of(READ, NOFOLLOW_LINKS))) {
      self.force(true);
    }
  }

  @Override
  public Space space() throws IOException {
    var store = Files.getFileStore(path);
    requireInPlace();
    return new Space(store.getTotalSpace(), store.getUsableSpace());
  }

  /** Of a process in a container the user is 0, and {@code /proc/self} belongs to it. */
  @Override
  public Access access() throws IOException {
    var attributes = stream.getFileAttributeView(PosixFileAttributeView.class).readAttributes();
    var users = path.getFileSystem().getUserPrincipalLookupService();
    var owner = attributes.owner();
    var isOwn =
        owner.equals(users.lookupPrincipalByName(ROOT_USER))
            || owner.equals(Files.getOwner(PROCESS));
    var permissions = attributes.permissions();
    return new Access(
        owner.getName(),
        isOwn,
        permissions.contains(PosixFilePermission.GROUP_WRITE)
            || permissions.contains(PosixFilePermission.OTHERS_WRITE));
  }

  @Override
  public Optional<Closeable> lock(String name) throws IOException {
    var channel = channel(component(name), Set.of(READ, WRITE, CREATE, NOFOLLOW_LINKS));
    try {
      if (channel.tryLock() != null) {
        return Optional.of(channel);
      }
    } catch (OverlappingFileLockException e) {
      // this very process has it
    }
    channel.close();
    return Optional.empty();
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }

  @Override
  public String toString() {
    return path.toString();
  }

  /** Whether the path, which may lead through links to the top, still leads here. */
  private void requireInPlace() throws IOException {
    var here = stream.getFileAttributeView(BasicFileAttributeView.class).readAttributes();
    var there = Files.readAttributes(path, BasicFileAttributes.class);
    if (!here.fileKey().equals(there.fileKey())) {
      throw replaced();
    }
  }

  private IOException replaced() {
    return new IOException(path + " was replaced by another directory while it was in use");
  }

  private PosixFileAttributeView view(String name) {
    return stream.getFileAttributeView(
        component(name), PosixFileAttributeView.class, NOFOLLOW_LINKS);
  }

  private FileChannel channel(Path name, Set<OpenOption> options) throws IOException {
    return (FileChannel) stream.newByteChannel(name, options);
  }

  private static Path component(String name) {
    if (name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf('/') >= 0) {
      throw new IllegalArgumentException("'" + name + "' is not one component of a path");
    }
    return Path.of(name);
  }
}
