package dev.corvid.seeder.scratch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.seeder.error.SourceException;
import dev.corvid.wire.Reason;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScratchProbeTest {
  @TempDir Path directory;

  /** What a volume does otherwise than a POSIX file system. */
  private class Odd extends ScratchProbe.Volume {
    Odd() {
      super(directory);
    }
  }

  @Test
  void takesAVolumeOfLinuxAndLeavesNothingThere() throws Exception {
    assertThatCode(() -> ScratchProbe.require(directory)).doesNotThrowAnyException();

    try (var left = Files.list(directory)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void refusesModesThatAreNotKept() {
    refused(
        new Odd() {
          @Override
          EntryKind kind(String name) {
            return EntryKind.EXECUTABLE; // all of it rwxr-xr-x, as SMB is mounted
          }
        },
        "it does not keep the modes of files");
    refused(
        new Odd() {
          @Override
          void mark(String name, EntryKind kind) throws IOException {
            throw new FileSystemException(name, null, "Operation not permitted");
          }
        },
        "it does not keep the modes of files (Operation not permitted)");
    refused(
        new Odd() {
          @Override
          void mark(String name, EntryKind kind) {
            throw new UnsupportedOperationException();
          }
        },
        "it does not keep the modes of files");
  }

  @Test
  void refusesNamesWithoutCase() {
    refused(
        new Odd() {
          @Override
          boolean has(String name) {
            return true;
          }
        },
        "it takes names that differ only in case for the same");
  }

  @Test
  void aFullDiskIsCalledFull() {
    assertThatThrownBy(
            () ->
                ScratchProbe.require(
                    new Odd() {
                      @Override
                      void create(String name) throws IOException {
                        throw new FileSystemException(name, null, "No space left on device");
                      }
                    }))
        .returns(Reason.InsufficientDisk, e -> ((SourceException) e).reason());
  }

  private static void refused(ScratchProbe.Volume volume, String why) {
    assertThatThrownBy(() -> ScratchProbe.require(volume))
        .returns(Reason.SeederFailed, e -> ((SourceException) e).reason())
        .hasMessageStartingWith("the scratch volume cannot hold the content: " + why)
        .hasMessageContaining("spec.seeder.scratch.volumeClaimTemplate")
        .hasMessageContaining("storageClassName");
  }
}
