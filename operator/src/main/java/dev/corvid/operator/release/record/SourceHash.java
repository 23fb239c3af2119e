package dev.corvid.operator.release.record;

import dev.corvid.api.v1alpha1.Source;
import dev.corvid.api.v1alpha1.SwarmReleaseSpec;
import dev.corvid.operator.metadata.Sha256Hex;
import dev.corvid.wire.text.SourceFileName;
import java.util.List;
import java.util.Objects;

/**
 * The name of what a source means, in two or three parts: what is fetched, which is the pinned
 * content, the pinned bytes or else the URL; how that becomes files, and which of them are taken;
 * and without a pin the version. Mirrors and the Secret are no part of it. An equal hash is the
 * same revision, whenever it comes back.
 */
public final class SourceHash {
  /** Between the parts; a version may have one, too, and comes last. */
  private static final String SEPARATOR = "/";

  /** Of the hash of how it becomes files: the whole has 160 characters at most. */
  private static final int WAY_LENGTH = 24;

  private SourceHash() {}

  /**
   * The name under which the history knows what the spec means; else {@link #of(SwarmReleaseSpec)}.
   * So it is no other revision when a pin is written later, moves to another URL or loses one of
   * two digests.
   */
  public static String of(SwarmReleaseSpec spec, RevisionHistory history) {
    return history.revisions().stream()
        .filter(revision -> isOf(revision, spec))
        .map(ReleaseRevision::sourceHash)
        .findFirst()
        .orElseGet(() -> of(spec));
  }

  /** The same bytes may become other files: only what was made in the same way is the same. */
  private static boolean isOf(ReleaseRevision revision, SwarmReleaseSpec spec) {
    Source source = spec.source();
    if (source.manifestDigest() != null) {
      return source.manifestDigest().equals(revision.digest());
    }
    String[] parts = revision.sourceHash().split(SEPARATOR, 3);
    if (parts.length < 2 || !parts[1].equals(way(source))) {
      return false;
    }
    if (source.http().digest() != null) {
      return source.http().digest().equals(revision.sourceDigest());
    }
    // By the version that it was called last: a pin that is removed again may have renamed it.
    return parts[0].equals(what(source)) && Objects.equals(revision.version(), spec.version());
  }

  /** {@code sha256:<what>/<way>}, and {@code /<version>} if nothing is pinned. */
  static String of(SwarmReleaseSpec spec) {
    Source source = spec.source();
    String made = what(source) + SEPARATOR + way(source);
    boolean isPinned = source.manifestDigest() != null || source.http().digest() != null;
    return isPinned || spec.version() == null ? made : made + SEPARATOR + spec.version();
  }

  private static String what(Source source) {
    var text = new StringBuilder("corvid-source-v1\n");
    if (source.manifestDigest() != null) {
      append(text, List.of("manifest", source.manifestDigest()));
    } else if (source.http().digest() != null) {
      append(text, List.of("digest", source.http().digest()));
    } else {
      append(text, List.of("url", source.http().url()));
    }
    return "sha256:" + Sha256Hex.hex(text.toString());
  }

  private static String way(Source source) {
    var text = new StringBuilder("corvid-unpack-v1\n");
    var file = SourceFileName.ofUrl(source.http().url());
    Source.Unpack unpack = source.unpack();
    String format = format(source, file);
    append(text, List.of("format", format));
    if (format.equals(Source.Format.None.name())) {
      // One file, named by the URL: the name is content.
      append(text, List.of("name", file.name()));
    } else {
      append(text, List.of("strip", Integer.toString(unpack.stripComponents())));
      append(text, List.of("links", unpack.unsafeLinks().name()));
    }
    append(text, "include", source.files().include());
    append(text, "exclude", source.files().exclude());
    return Sha256Hex.hex(text.toString()).substring(0, WAY_LENGTH);
  }

  /** By name: Auto is what the seeder makes of it. */
  private static String format(Source source, SourceFileName file) {
    Source.Format format = source.unpack().format();
    return format != Source.Format.Auto
        ? format.name()
        : file.archive().map(Enum::name).orElse(Source.Format.None.name());
  }

  /** Patterns are a set: neither their order nor a repetition changes what they take. */
  private static void append(StringBuilder text, String list, List<String> patterns) {
    List<String> set = patterns.stream().distinct().sorted().toList();
    append(text, List.of(list, Integer.toString(set.size())));
    append(text, set);
  }

  /** Each part with its length before it: no part can pretend to be two. */
  private static void append(StringBuilder text, List<String> parts) {
    parts.forEach(part -> text.append(part.length()).append(':').append(part).append('\n'));
  }
}
