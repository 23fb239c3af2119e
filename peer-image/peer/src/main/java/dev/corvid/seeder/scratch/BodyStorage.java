package dev.corvid.seeder.scratch;

import dev.corvid.seeder.error.SourceException;
import dev.corvid.store.manifest.Sha256;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.HexFormat;

/**
 * What a tree keeps on disk of its files: their bytes, to serve them, or only what a manifest says
 * of them. Confined to one thread.
 */
public sealed interface BodyStorage {
  /**
   * @param size bytes
   * @param sha256 hexadecimal
   */
  record Body(long size, String sha256) {}

  /**
   * Reads a body and hashes it. What reading throws is passed on as it is; trouble with the disk is
   * a {@link SourceException}.
   *
   * @param size no more is kept than that; a longer body is read until that shows
   */
  Body keep(InputStream body, long size, OutputStream out) throws IOException;

  /** The same of what was kept before. */
  Body copy(InputStream kept, long size, OutputStream out) throws IOException;

  /** All of them. */
  final class Whole implements BodyStorage {
    private final byte[] buffer = new byte[1 << 16];

    @Override
    public Body keep(InputStream body, long size, OutputStream out) throws IOException {
      return read(body, size, out, buffer);
    }

    @Override
    public Body copy(InputStream kept, long size, OutputStream out) throws IOException {
      return keep(kept, size, out);
    }
  }

  /** Length and digest, in a few bytes: a hard link may come back to them. */
  final class Digests implements BodyStorage {
    private final byte[] buffer = new byte[1 << 16];

    @Override
    public Body keep(InputStream body, long size, OutputStream out) throws IOException {
      return write(read(body, size, OutputStream.nullOutputStream(), buffer), out);
    }

    @Override
    public Body copy(InputStream kept, long size, OutputStream out) throws IOException {
      try (var in = new DataInputStream(kept)) {
        return write(new Body(in.readLong(), in.readUTF()), out);
      } catch (IOException e) {
        throw ScratchFiles.asSourceException(e);
      }
    }

    private static Body write(Body body, OutputStream out) throws SourceException {
      try {
        var record = new DataOutputStream(out);
        record.writeLong(body.size());
        record.writeUTF(body.sha256());
        record.flush();
        return body;
      } catch (IOException e) {
        throw ScratchFiles.asSourceException(e);
      }
    }
  }

  private static Body read(InputStream body, long size, OutputStream out, byte[] buffer)
      throws IOException {
    var digest = Sha256.digest();
    long length = 0;
    for (int count; length <= size && (count = body.read(buffer)) >= 0; ) {
      length += count;
      if (length <= size) {
        digest.update(buffer, 0, count);
        write(out, buffer, count);
      }
    }
    return new Body(length, HexFormat.of().formatHex(digest.digest()));
  }

  private static void write(OutputStream out, byte[] buffer, int count) throws SourceException {
    try {
      out.write(buffer, 0, count);
    } catch (IOException e) {
      throw ScratchFiles.asSourceException(e);
    }
  }
}
