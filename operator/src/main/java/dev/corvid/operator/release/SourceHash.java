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

  private SourceHash() {}

  /** {@code sha256:…} of the canonical text. */
  static String of(SwarmReleaseSpec spec) {
    Source source = spec.source();
    String url = source.http().url();
    Source.Unpack unpack = source.unpack();
    var text = new StringBuilder("corvid-source-v1\n");
    if (source.manifestDigest() != null) {
      // Whatever it is made of, and how.
      append(text, List.of("manifest", source.manifestDigest()));
      return "sha256:" + Sha256.hex(text.toString());
    }
    if (source.http().digest() != null) {
      append(text, List.of("digest", source.http().digest()));
    } else {
      append(text, List.of("url", url, spec.version() == null ? "" : spec.version()));
    }
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
