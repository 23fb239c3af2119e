package dev.corvid.operator.release;

import dev.corvid.api.v1alpha1.Source;
import dev.corvid.api.v1alpha1.SwarmReleaseSpec;
import dev.corvid.operator.Sha256;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The name of what a source means: the pinned content; or the pinned bytes, or, without one, the
 * URL and the version; how the bytes become files, and which of them are taken. Mirrors and the
 * Secret are no part of it. An equal hash is the same revision, whenever it comes back.
 */
final class SourceHash {
  private static final Map<String, Source.Format> BY_SUFFIX =
      Map.ofEntries(
          Map.entry(".tar", Source.Format.Tar),
          Map.entry(".tar.gz", Source.Format.TarGz),
          Map.entry(".tgz", Source.Format.TarGz),
          Map.entry(".taz", Source.Format.TarGz),
          Map.entry(".tar.zst", Source.Format.TarZst),
          Map.entry(".tzst", Source.Format.TarZst),
          Map.entry(".tar.bz2", Source.Format.TarBz2),
          Map.entry(".tbz2", Source.Format.TarBz2),
          Map.entry(".tbz", Source.Format.TarBz2),
          Map.entry(".tb2", Source.Format.TarBz2),
          Map.entry(".tar.xz", Source.Format.TarXz),
          Map.entry(".txz", Source.Format.TarXz),
          Map.entry(".zip", Source.Format.Zip));

  /** Stands before the version: a revision may have another name since it was fetched. */
  private static final String VERSION = "/";

  private SourceHash() {}

  /**
   * The name under which the history knows what the spec pins; else {@link #of(SwarmReleaseSpec)}.
   * So it is no other revision when the pin is written later.
   */
  static String of(SwarmReleaseSpec spec, History history) {
    return history.revisions().stream()
        .filter(revision -> isPinned(revision, spec.source()))
        .map(Revision::sourceHash)
        .findFirst()
        .orElseGet(() -> of(spec));
  }

  /** The same bytes may become other files: only what was made in the same way is the same. */
  private static boolean isPinned(Revision revision, Source source) {
    if (source.manifestDigest() != null) {
      return source.manifestDigest().equals(revision.digest());
    }
    return source.http().digest() != null
        && source.http().digest().equals(revision.sourceDigest())
        && unpinned(source).equals(revision.sourceHash().split(VERSION, 2)[0]);
  }

  /** {@code sha256:…} of the canonical text, and {@code /version} if nothing is pinned. */
  static String of(SwarmReleaseSpec spec) {
    Source source = spec.source();
    if (source.manifestDigest() != null) {
      // Whatever it is made of, and how.
      return hash(begun(List.of("manifest", source.manifestDigest())));
    }
    if (source.http().digest() != null) {
      return made(begun(List.of("digest", source.http().digest())), source);
    }
    return unpinned(source) + (spec.version() == null ? "" : VERSION + spec.version());
  }

  private static String unpinned(Source source) {
    return made(begun(List.of("url", source.http().url())), source);
  }

  private static String made(StringBuilder text, Source source) {
    String url = source.http().url();
    Source.Unpack unpack = source.unpack();
    Source.Format format = unpack.format() == Source.Format.Auto ? bySuffix(url) : unpack.format();
    append(text, List.of("format", format.name()));
    if (format == Source.Format.None) {
      // One file, named by the URL: the name is content.
      append(text, List.of("name", path(url).substring(path(url).lastIndexOf('/') + 1)));
    } else {
      append(text, List.of("strip", Integer.toString(unpack.stripComponents())));
      append(text, List.of("links", unpack.unsafeLinks().name()));
    }
    append(text, "include", source.files().include());
    append(text, "exclude", source.files().exclude());
    return hash(text);
  }

  private static StringBuilder begun(List<String> what) {
    var text = new StringBuilder("corvid-source-v1\n");
    append(text, what);
    return text;
  }

  private static String hash(StringBuilder text) {
    return "sha256:" + Sha256.hex(text.toString());
  }

  private static Source.Format bySuffix(String url) {
    String path = path(url).toLowerCase(Locale.ROOT);
    return BY_SUFFIX.entrySet().stream()
        .filter(entry -> path.endsWith(entry.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(Source.Format.None);
  }

  private static String path(String url) {
    int end = url.length();
    for (char c : new char[] {'?', '#'}) {
      int at = url.indexOf(c);
      end = at >= 0 ? Math.min(end, at) : end;
    }
    return url.substring(0, end);
  }

  private static void append(StringBuilder text, String list, List<String> patterns) {
    append(text, List.of(list, Integer.toString(patterns.size())));
    append(text, patterns);
  }

  /** Each part with its length before it: no part can pretend to be two. */
  private static void append(StringBuilder text, List<String> parts) {
    parts.forEach(part -> text.append(part.length()).append(':').append(part).append('\n'));
  }
}
