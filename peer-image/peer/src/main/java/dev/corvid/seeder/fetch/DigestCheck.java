package dev.corvid.seeder.fetch;

import dev.corvid.seeder.error.SourceException;
import dev.corvid.seeder.scratch.ScratchTree;
import dev.corvid.seeder.scratch.TreeManifest;
import dev.corvid.seeder.unpack.UnexpectedContent;
import dev.corvid.seeder.unpack.UnpackFormat;
import dev.corvid.store.error.StoreException;
import dev.corvid.wire.Reason;
import dev.corvid.wire.seeder.SeederTask;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.Optional;

/**
 * Whether the fetched bytes are those that were wanted: by the digests of the spec or of an earlier
 * seeder, which decide alone; without one, by what they look like. Other bytes may become the same
 * content, as archives that were packed twice do: where the content is pinned and the bytes are
 * not, an earlier seeder's bytes are not asked for. Confined to one thread.
 */
final class DigestCheck {
  private final SeederTask task;
  private final SourceFactory sources;
  private boolean right;

  DigestCheck(SeederTask task, SourceFactory sources) {
    this.task = task;
    this.sources = sources;
  }

  /** Other bytes are fetched now. */
  void reset() {
    right = false;
  }

  /** Whether the bytes are known to be those that the spec pins. */
  boolean isRight() {
    return right;
  }

  /** What cannot be unpacked is, when a digest is pinned, first of all not what was pinned. */
  SourceException mismatchOr(
      SourceException invalid, UnpackFormat format, ResumingInputStream download)
      throws InterruptedIOException {
    if (task.http().digest() == null) {
      return invalid;
    }
    try {
      check(format, download);
      return invalid;
    } catch (SourceException e) {
      return e;
    }
  }

  /**
   * Reads what is left of the bytes.
   *
   * @return {@code sha256:…} of them, unless they are not those that they should be
   */
  String check(UnpackFormat format, ResumingInputStream download)
      throws SourceException, InterruptedIOException {
    download.drain();
    var digest = download.digest();
    var wanted = task.http().digest();
    var pinned = task.pinned();
    var unexpected = unexpected(format, download);
    if (wanted != null && !wanted.equals(digest)) {
      throw new SourceException(
          Reason.DigestMismatch,
          "spec.source.http.digest is %s, but %s has %s%s"
              .formatted(
                  wanted,
                  download.url(),
                  digest,
                  unexpected.map(DigestCheck::inBrackets).orElse("")));
    }
    right = wanted != null;
    if (pinned != null && task.manifestDigest() == null && !pinned.sourceDigest().equals(digest)) {
      throw new SourceException(
          Reason.SourceChanged,
          "%s has %s%s now, but this release was made from %s; change spec.version to take the new bytes, or restore the old ones"
              .formatted(
                  download.url(),
                  digest,
                  unexpected.map(DigestCheck::inBrackets).orElse(""),
                  pinned.sourceDigest()));
    }
    if (format == UnpackFormat.NONE
        && !task.hasDigest()
        && pinned == null
        && unexpected.isPresent()) {
      throw inPlaceOfAFile(unexpected.get(), download, digest);
    }
    return digest;
  }

  /** Whether the bytes became the content that they should. */
  void checkManifest(ScratchTree tree, ResumingInputStream download) throws IOException {
    var wanted = task.manifestDigest();
    if (wanted == null) {
      return;
    }
    var digest = digestOf(tree);
    if (!wanted.equals(digest)) {
      throw new SourceException(
          Reason.DigestMismatch,
          "spec.source.manifestDigest is %s, but the content of %s has %s; correct the digest, the source, or spec.source.files and unpack"
              .formatted(wanted, download.url(), digest));
    }
    right = true;
  }

  private static String digestOf(ScratchTree tree) throws IOException {
    try {
      return TreeManifest.write(tree, OutputStream.nullOutputStream()).summary().digest();
    } catch (StoreException e) {
      throw new SourceException(e.reason(), e.getMessage(), e);
    }
  }

  private Optional<UnexpectedContent> unexpected(UnpackFormat format, ResumingInputStream download)
      throws SourceException {
    return format == UnpackFormat.NONE
        ? UnexpectedContent.ofFile(
            sources.firstUrl().fileName(),
            download.response().representation().contentType(),
            download.head())
        : UnexpectedContent.ofArchive(download.head());
  }

  private static String inBrackets(UnexpectedContent unexpected) {
    return " (" + unexpected.what() + ")";
  }

  private static SourceException inPlaceOfAFile(
      UnexpectedContent unexpected, ResumingInputStream download, String digest) {
    var hop = download.response().representation().hop();
    return new SourceException(
        Reason.InvalidContent,
        "%s%s sends %s; %s, or, if these are the bytes that you want, pin spec.source.http.digest: %s"
            .formatted(
                download.url(),
                hop.equals(download.url()) ? "" : ", which redirects to " + hop + ",",
                unexpected.what(),
                unexpected.advice(),
                digest));
  }
}
