package dev.corvid.seeder.fetch;

import dev.corvid.seeder.error.RestartException;
import dev.corvid.seeder.error.SourceException;
import dev.corvid.seeder.http.SourceResponse;
import dev.corvid.seeder.scratch.ScratchFailure;
import dev.corvid.seeder.source.SourceUrl;
import dev.corvid.seeder.unpack.UnexpectedContent;
import dev.corvid.store.manifest.Sha256;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The source's bytes as one stream, whatever breaks on the way: first those kept on scratch, then
 * {@link NetworkBytes those from the network}. Ends only where the source ends; all failures are
 * {@link SourceException}s, and stay. Not thread-safe.
 */
final class ResumingInputStream extends InputStream {
  private final NetworkBytes network;
  private final MessageDigest digest = Sha256.digest();
  private final byte[] head = new byte[UnexpectedContent.HEAD];
  private final InputStream kept; // closed as soon as it has been read
  private long keptLeft;
  private long position;
  private boolean ended;
  private @Nullable SourceException failure;

  /**
   * What a download is of.
   *
   * @param hurried whether there is another URL to try
   * @param alone whether only this URL may send it, all of one version
   */
  record Origin(MirroredSource source, SourceUrl url, boolean hurried, boolean alone) {}

  /**
   * @param check of the first answer
   */
  static ResumingInputStream open(
      Origin origin,
      SourceResponse.Check check,
      PartialDownload partial,
      FetchProgress progress,
      RetryBackoff backoff,
      Sleeper sleeper)
      throws SourceException, InterruptedException {
    long asked = origin.source().rangeSources().now();
    var response = origin.source().open(origin.url(), partial, origin.hurried(), check);
    progress.ended(StartTimes.Stage.ANSWERED);
    var network = new NetworkBytes(origin, partial, progress, backoff, sleeper, response, asked);
    return new ResumingInputStream(network, partial);
  }

  private ResumingInputStream(NetworkBytes network, PartialDownload partial)
      throws SourceException {
    this.network = network;
    this.keptLeft = partial.length();
    this.kept = keptLeft > 0 ? partial.read() : InputStream.nullInputStream();
  }

  /** Whether the bytes did not come in one answer. */
  boolean isJoined() {
    return network.isJoined();
  }

  /** Of the answer that is read now. */
  SourceUrl url() {
    return response().url();
  }

  /** Of the answer that is read now; null when the source gives none. */
  @Nullable String validator() {
    return response().validator();
  }

  /** That is read now. */
  SourceResponse response() {
    return network.response();
  }

  /** The first bytes that this stream has given. */
  byte[] head() {
    return Arrays.copyOf(head, (int) Math.min(position, head.length));
  }

  /** Bytes of the whole; -1 when the source does not say. */
  long total() {
    return response().total();
  }

  /** Bytes that this stream has given. */
  long position() {
    return position;
  }

  /**
   * Frees the disk that the bytes take on scratch.
   *
   * @throws RestartException when some of them are yet to be read
   */
  void giveUpPartial() throws SourceException {
    if (keptLeft > 0) {
      throw new RestartException(
          "scratch has no room for what was kept of "
              + response().url()
              + " beside what is unpacked from it");
    }
    network.giveUpPartial();
  }

  /** Frees the disk that is taken by bytes before their turn. */
  void giveUpAhead() throws SourceException {
    network.giveUpAhead();
  }

  /** Reads what is left, so that {@link #digest} is that of the whole. */
  void drain() throws SourceException, InterruptedIOException {
    var buffer = new byte[1 << 16];
    while (read(buffer, 0, buffer.length) >= 0) {
      // The bytes are counted, hashed and kept on the way.
    }
  }

  /** {@code sha256:…} of all bytes, once, after the end. */
  String digest() {
    if (!ended) {
      throw new IllegalStateException("the stream has not ended");
    }
    return "sha256:" + HexFormat.of().formatHex(digest.digest());
  }

  @Override
  public int read() throws SourceException, InterruptedIOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length)
      throws SourceException, InterruptedIOException {
    if (failure != null) {
      throw failure;
    }
    try {
      int count = 0;
      if (ended) {
        count = -1;
      } else if (keptLeft > 0) {
        count = readKept(target, offset, (int) Math.min(length, keptLeft));
      } else if (length > 0) {
        count = network.read(target, offset, length);
      }
      if (count < 0) {
        ended = true;
      } else if (count > 0) {
        if (position < head.length) {
          int missing = head.length - (int) position;
          System.arraycopy(target, offset, head, (int) position, Math.min(count, missing));
        }
        position += count;
        digest.update(target, offset, count);
      }
      return count;
    } catch (SourceException e) {
      failure = e;
      throw e;
    }
  }

  private int readKept(byte[] target, int offset, int length) throws SourceException {
    try {
      int count = kept.read(target, offset, length);
      if (count < 0) {
        throw new EOFException("the kept bytes became fewer");
      }
      keptLeft -= count;
      if (keptLeft == 0) {
        kept.close();
      }
      return count;
    } catch (IOException e) {
      throw ScratchFailure.of(e);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      network.close();
    } finally {
      kept.close();
    }
  }
}
