package dev.corvid.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import org.junit.jupiter.api.Test;

class ErrorMessageTest {
  @Test
  void saysWhatHappenedToWhichFile() {
    assertThat(ErrorMessage.describe(new FileSystemException("a", null, "Read-only file system")))
        .isEqualTo("a: Read-only file system");
    assertThat(ErrorMessage.describe(new IOException("no"))).isEqualTo("no");
  }

  @Test
  void namesTheKindOfAnErrorThatHasNoMessage() {
    assertThat(ErrorMessage.describe(new DirectoryNotEmptyException("a")))
        .isEqualTo("java.nio.file.DirectoryNotEmptyException: a");
    assertThat(ErrorMessage.describe(new ClosedChannelException()))
        .isEqualTo("java.nio.channels.ClosedChannelException");
  }
}
