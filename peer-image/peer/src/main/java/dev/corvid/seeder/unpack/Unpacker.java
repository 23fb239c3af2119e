package dev.corvid.seeder.unpack;

import dev.corvid.bittorrent.ErrorMessage;
import dev.corvid.seeder.archive.Archive;
import dev.corvid.seeder.archive.Entry;
import dev.corvid.seeder.archive.EntryText;
import dev.corvid.seeder.archive.RefusedArchiveException;
import dev.corvid.seeder.error.SourceException;
import dev.corvid.seeder.scratch.ScratchTree;
import dev.corvid.store.error.StoreException;
import dev.corvid.wire.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Moves the entries of an archive into a tree. Modes are reduced to the executable bit (setuid and
 * 0000 alike), hard links become files, or links, of their own; devices and pipes are refused.
 * Every refusal names the entry.
 */
final class Unpacker {
  static final int MAX_ENTRIES = 1_000_000;

  private final EntrySelection selection;
  private final ScratchTree tree;
  private final UnaryOperator<InputStream> bodies;
  private boolean leftOut;

  /**
   * @param bodies what an entry's bytes are read through
   */
  Unpacker(EntrySelection selection, ScratchTree tree, UnaryOperator<InputStream> bodies) {
    this.selection = selection;
    this.tree = tree;
    this.bodies = bodies;
  }

  /**
   * @throws SourceException for everything that is wrong with the archive, the network or scratch
   */
  void unpack(Archive archive) throws SourceException {
    Entry current = null;
    try {
      for (int entries = 0; ; ) {
        var next = archive.next();
        if (next.isEmpty()) {
          break;
        }
        current = next.get();
        if (++entries > MAX_ENTRIES) {
          throw invalid("the archive has more than %,d entries".formatted(MAX_ENTRIES), null);
        }
        take(current, archive);
      }
    } catch (SourceException e) {
      throw isOfAnEntry(e.reason()) ? naming(current, e) : e;
    } catch (StoreException e) {
      throw new SourceException(e.reason(), e.getMessage() + ScratchTree.ADVICE, e);
    } catch (RefusedArchiveException e) {
      throw naming(current, invalid(ErrorMessage.of(e), e));
    } catch (IOException e) {
      throw naming(current, invalid("the archive is corrupt: " + ErrorMessage.of(e), e));
    }
    if (tree.files() == 0) {
      throw invalid(
          current == null
              ? "the archive is empty"
              : leftOut
                  ? "the archive holds no file that %s leaves; correct it, or remove it"
                      .formatted(selection.shown())
                  : "the archive holds no file, and a release needs one",
          null);
    }
  }

  private static boolean isOfAnEntry(Reason reason) {
    return reason == Reason.InvalidContent || reason == Reason.InsufficientDisk;
  }

  private void take(Entry entry, Archive archive) throws IOException {
    Optional<String> selected = selection.pathOf(entry.name());
    if (selected.isEmpty()) {
      leftOut |= entry.type() != Entry.Type.DIRECTORY;
      return;
    }
    if (entry.fault() != null) {
      throw entry.fault();
    }
    var path = selected.get();
    switch (entry.type()) {
      case FILE -> tree.file(path, entry.executable(), entry.size(), bodies.apply(archive.body()));
      case DIRECTORY -> tree.directory(path);
      case SYMBOLIC_LINK -> tree.link(path, EntrySelection.text(entry.target(), "link"));
      case HARD_LINK -> tree.copy(path, target(entry));
      case CHARACTER_DEVICE, BLOCK_DEVICE, FIFO, SOCKET ->
          throw invalid(
              "the archive's entry %s is %s; only files, directories and links can be released%s"
                  .formatted(entry.displayName(), entry.type(), ScratchTree.ADVICE),
              null);
    }
  }

  private String target(Entry entry) throws SourceException {
    Optional<String> target;
    try {
      target = selection.pathOf(entry.target());
    } catch (SourceException e) {
      throw hardLink(entry, ": " + e.getMessage(), e);
    }
    return target.orElseThrow(
        () -> hardLink(entry, ", which is left out" + ScratchTree.ADVICE, null));
  }

  private static SourceException hardLink(Entry entry, String why, @Nullable Throwable cause) {
    return invalid(
        "the archive's entry %s is a hard link to %s%s"
            .formatted(entry.displayName(), EntryText.shown(entry.target()), why),
        cause);
  }

  private static SourceException naming(@Nullable Entry entry, SourceException e) {
    if (entry == null || entry.name().isEmpty() || isNamed(entry.displayName(), e.getMessage())) {
      return e;
    }
    return new SourceException(
        e.reason(), e.getMessage() + " (at or after the entry " + entry.displayName() + ")", e);
  }

  private static boolean isNamed(String name, String message) {
    return message.startsWith("the archive's entry ")
        || message.contains("entry " + name + " ")
        || message.contains("'" + name + "'");
  }

  private static SourceException invalid(String message, @Nullable Throwable cause) {
    return new SourceException(Reason.InvalidContent, message, cause);
  }
}
