package dev.corvid.store.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The errors are the kernel's own where it can be brought to answer them. */
class OsErrorTest {
  @TempDir private Path directory;

  @Test
  void aFullDeviceIsAFullDisk() {
    assertThat(
            errorOf(
                () -> {
                  try (var full = new FileOutputStream("/dev/full")) {
                    full.write(1);
                  }
                }))
        .isEqualTo(OsError.DISK_FULL);
  }

  @Test
  void aLinkThatIsNotFollowedIsALink() throws IOException {
    Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("elsewhere"));
    assertThat(
            errorOf(
                () -> FileChannel.open(link, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)))
        .isEqualTo(OsError.LINK);
  }

  @Test
  void aFileInTheWayIsNoDirectory() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));
    assertThat(errorOf(() -> Files.createFile(file.resolve("below"))))
        .isEqualTo(OsError.NOT_A_DIRECTORY);
    assertThat(errorOf(() -> Files.newDirectoryStream(file))).isEqualTo(OsError.NOT_A_DIRECTORY);
  }

  @ParameterizedTest
  @CsvSource({
    "No space left on device, DISK_FULL",
    "Disk quota exceeded, DISK_FULL",
    "Input/output error, DEVICE_FAILED",
    "Invalid cross-device link, OTHER_FILE_SYSTEM",
    "Too many levels of symbolic links, LINK",
    "Not a directory, NOT_A_DIRECTORY",
    "Read-only file system, OTHER"
  })
  void theReasonOfAnExceptionDecides(String text, OsError error) {
    assertThat(OsError.of(new IOException(text))).isEqualTo(error);
    assertThat(OsError.of(new FileSystemException("/file", null, text))).isEqualTo(error);
  }

  @Test
  void anAtomicMoveThatIsNotSupportedCrossesFileSystems() {
    assertThat(OsError.of(new AtomicMoveNotSupportedException("/a", "/b", null)))
        .isEqualTo(OsError.OTHER_FILE_SYSTEM);
  }

  @Test
  void theNameOfAFileIsNoError() {
    var denied = new FileSystemException("/Not a directory/x", null, "Permission denied");
    assertThat(OsError.of(denied)).isEqualTo(OsError.OTHER);
    assertThat(OsError.of(new FileSystemException("/No space left on device")))
        .isEqualTo(OsError.OTHER);
    assertThat(OsError.of(new IOException())).isEqualTo(OsError.OTHER);
  }

  private static OsError errorOf(ThrowingCallable call) {
    return OsError.of(catchThrowableOfType(IOException.class, call));
  }
}
