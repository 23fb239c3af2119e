package dev.corvid.seeder.fetch;

import dev.corvid.seeder.error.NotResumableException;
import dev.corvid.seeder.error.RestartException;
import dev.corvid.seeder.error.RetryAfterException;
import dev.corvid.seeder.error.SourceException;
import dev.corvid.seeder.http.SourceResponse;
import dev.corvid.seeder.scratch.ScratchFailure;
import dev.corvid.seeder.source.SourceUrl;
import dev.corvid.seeder.unpack.UnexpectedContent;
import dev.corvid.store.manifest.Sha256;
import dev.corvid.wire.Reason;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The source's bytes as one stream, whatever breaks on the way: first those kept on scratch, then
 * those from the network, which are kept too. Ends only where the source ends; all failures are
 * {@link SourceException}s, and stay. Not thread-safe.
 */
final class ResumingInputStream extends InputStream {
  /** Resumptions in a row that bring not one byte. */
  private static final int MAX_FRUITLESS = 5;

  private final MirroredSource source;
  private final boolean alone;
  private final PartialDownload partial;
  private final FetchProgress progress;
  private final RetryBackoff backoff;
  private final Sleeper sleeper;
  private final MessageDigest digest = Sha256.digest();
  private final byte[] head = new byte[UnexpectedContent.HEAD];
  private final InputStream kept; // closed as soon as it has been read
  private SourceResponse response;
  private long keptLeft;
  private long position;
  private int fruitless;
  private boolean joined;
  private boolean ended;
  private SourceException failure;

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
    var response = origin.source().open(origin.url(), partial, origin.hurried(), check);
    return new ResumingInputStream(origin, partial, response, progress, backoff, sleeper);
  }

  private ResumingInputStream(
      Origin origin,
      PartialDownload partial,
      SourceResponse response,
      FetchProgress progress,
      RetryBackoff backoff,
      Sleeper sleeper)
      throws SourceException {
    this.source = origin.source();
    this.alone = origin.alone();
    this.partial = partial;
    this.response = response;
    this.progress = progress;
    this.backoff = backoff;
    this.sleeper = sleeper;
    this.keptLeft = partial.length();
    this.kept = keptLeft > 0 ? partial.read() : InputStream.nullInputStream();
    this.joined = partial.length() > 0;
    progress.total(response.total());
  }

  /** Whether the bytes did not come in one answer. */
  boolean isJoined() {
    return joined;
  }

  /** Of the answer that is read now. */
  SourceUrl url() {
    return response.url();
  }

  /** Of the answer that is read now; null when the source gives none. */
  String validator() {
    return response.validator();
  }

  /** That is read now. */
  SourceResponse response() {
    return response;
  }

  /** The first bytes that this stream has given. */
  byte[] head() {
    return Arrays.copyOf(head, (int) Math.min(position, head.length));
  }

  /** Bytes of the whole; -1 when the source does not say. */
  long total() {
    return response.total();
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
  void giveUpPartial() throws RestartException {
    if (keptLeft > 0) {
      throw new RestartException(
          "scratch has no room for what was kept of "
              + response.url()
              + " beside what is unpacked from it");
    }
    partial.giveUp();
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
      int count = ended || length == 0 ? (ended ? -1 : 0) : readSome(target, offset, length);
      if (count > 0) {
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

  private int readSome(byte[] target, int offset, int length)
      throws SourceException, InterruptedIOException {
    if (keptLeft > 0) {
      return readKept(target, offset, (int) Math.min(length, keptLeft));
    }
    while (true) {
      int count;
      try {
        count = response.body().read(target, offset, length);
        if (count < 0 && response.total() > position) {
          throw new EOFException("the connection ended early");
        }
      } catch (SourceException e) {
        throw e;
      } catch (IOException e) {
        if (response.total() >= 0 && position == response.total()) {
          count = -1;
        } else {
          resume(e);
          continue;
        }
      }
      if (count < 0) {
        ended = true;
        return -1;
      }
      if (response.total() >= 0 && count > response.total() - position) {
        throw new RestartException(response.url() + " sends more than the length that it says");
      }
      fruitless = 0;
      backoff.reset();
      progress.read(count);
      partial.append(target, offset, count);
      return count;
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

  private void resume(IOException broken) throws SourceException, InterruptedIOException {
    var last =
        new SourceException(
            Reason.SourceUnreachable,
            "%s broke off after %,d%s bytes: %s"
                .formatted(
                    response.url(),
                    position,
                    response.total() < 0 ? "" : " of %,d".formatted(response.total()),
                    SourceResponse.words(broken)),
            broken);
    var first = last.getMessage();
    response.closeQuietly();
    joined = true;
    try {
      while (fruitless++ < MAX_FRUITLESS) {
        sleeper.sleep(backoff.next());
        try {
          response = source.resume(response, position, alone);
          progress.total(response.total());
          return;
        } catch (RestartException e) {
          throw e;
        } catch (RetryAfterException e) {
          throw new RetryAfterException(first + "; " + e.getMessage(), e.retryAfter());
        } catch (SourceException e) {
          last = new SourceException(e.reason(), first + "; " + inShort(e), e);
          if (e instanceof NotResumableException) {
            throw last;
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the seeder stops");
    }
    throw last;
  }

  /** The URL stands in the message already. */
  private String inShort(SourceException e) {
    var url = response.url() + " ";
    return e.getMessage().startsWith(url)
        ? "then it " + e.getMessage().substring(url.length())
        : e.getMessage();
  }

  @Override
  public void close() throws IOException {
    response.close();
    kept.close();
  }
}
