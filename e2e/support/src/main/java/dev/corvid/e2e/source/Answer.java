package dev.corvid.e2e.source;

import java.net.URI;
import java.nio.file.Path;

/** How the server answers one path, faults included; replaced live with {@link SourceServer#on}. */
public sealed interface Answer {
  /** The file, whole or by range. */
  record Content(Path file) implements Answer {}

  /** No content, this status. */
  record Status(int code) implements Answer {}

  /** 302 to another place. */
  record Redirect(URI to) implements Answer {}

  /** Promises the whole file, ends the connection after so many bytes. */
  record Truncated(Path file, long bytes) implements Answer {}

  /** Sends so many bytes of the file, then nothing more, with the connection open. */
  record Stalled(Path file, long bytes) implements Answer {}

  /** Of no length that is told, and without an end. */
  record Endless() implements Answer {}

  /** 401 to whoever does not present exactly this in {@code Authorization}. */
  record Guarded(String authorization, Answer behind) implements Answer {}
}
