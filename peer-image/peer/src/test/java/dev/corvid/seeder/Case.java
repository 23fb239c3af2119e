package dev.corvid.seeder;

import dev.corvid.seeder.fetch.ResponsesTest;
import dev.corvid.seeder.source.SourceTimeouts;
import dev.corvid.store.manifest.ManifestEntry;
import dev.corvid.wire.Reason;
import dev.corvid.wire.seeder.SeederTask;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * A source such as the world has them, and what becomes of it: the lines of its tree, or a refusal
 * with what its message says. A case is an archive, or the behavior of a server.
 */
public final class Case {
  private static final int SHOWN = 60;

  public final String name;
  public final String what;
  final OddServer.Behavior behavior;
  public final List<String> files = new ArrayList<>();
  public final Map<String, String> secret = new TreeMap<>();
  public List<String> tree;
  public Reason reason;
  public List<String> words = List.of();
  public String format = "Auto";
  public int strip;
  public String unsafeLinks;
  public List<String> included = List.of();
  public List<String> excluded = List.of();
  public String digest;
  public long scratchBytes = 256L << 20;
  public SourceTimeouts timeouts =
      new SourceTimeouts(Duration.ofSeconds(10), Duration.ofSeconds(30));
  boolean waits;
  public boolean once;
  boolean replaced;
  public Consumer<List<OddServer.Request>> requests = asked -> {};

  /** Where an archive comes from. */
  @FunctionalInterface
  interface Bytes {
    byte[] get() throws IOException;
  }

  private Case(String name, String what, OddServer.Behavior behavior, String file) {
    this.name = name;
    this.what = what;
    this.behavior = behavior;
    this.files.add(file);
  }

  /**
   * @param name of the case, and the end of its URL
   */
  public static Case archive(String name, String what, Bytes bytes) {
    var made = new AtomicReference<byte[]>();
    return new Case(
        name,
        what,
        exchange -> {
          if (made.get() == null) {
            made.set(bytes.get());
          }
          exchange.whole(made.get(), "ETag: \"one\"");
        },
        name);
  }

  public static Case http(String name, String file, String what, OddServer.Behavior behavior) {
    return new Case(name, what, behavior, file);
  }

  /** Another URL after the first. */
  Case mirror(String file) {
    files.add(file);
    return this;
  }

  public Case format(String inSpec) {
    format = inSpec;
    return this;
  }

  public Case strip(int components) {
    strip = components;
    return this;
  }

  /** Links that lead out are left out. */
  public Case leavesLinksOut() {
    unsafeLinks = "LeaveOut";
    return this;
  }

  public Case include(String... patterns) {
    included = List.of(patterns);
    return this;
  }

  public Case exclude(String... patterns) {
    excluded = List.of(patterns);
    return this;
  }

  public Case pinned(byte[] content) {
    digest = ResponsesTest.digestOf(content);
    return this;
  }

  public Case scratch(long bytes) {
    scratchBytes = bytes;
    return this;
  }

  public Case timeouts(Duration firstByte, Duration noProgress) {
    timeouts = new SourceTimeouts(Duration.ofSeconds(10), firstByte, noProgress);
    return this;
  }

  /** A token in the Secret, for this very server. */
  Case token() {
    secret.put("token", "open sesame");
    return this;
  }

  /** The pauses between attempts are kept. */
  Case waits() {
    waits = true;
    return this;
  }

  /** One attempt is enough of what takes long. */
  public Case once() {
    once = true;
    return this;
  }

  /** The seeder of this is replaced when half of it is on a node, and scratch goes with it. */
  Case replaced() {
    replaced = true;
    return this;
  }

  public Case requests(Consumer<List<OddServer.Request>> check) {
    requests = check;
    return this;
  }

  /**
   * @param lines as {@link #line} makes them
   */
  public Case becomes(String... lines) {
    tree = Arrays.stream(lines).sorted().toList();
    return this;
  }

  /**
   * @param parts of the message, each
   */
  public Case refused(Reason why, String... parts) {
    reason = why;
    words = List.of(parts);
    return this;
  }

  public SeederTask.Unpack unpack() {
    return new SeederTask.Unpack(format, strip, unsafeLinks);
  }

  public SeederTask.Files selected() {
    return new SeederTask.Files(included, excluded);
  }

  public static String line(String path, byte[] content) {
    if (content.length <= SHOWN) {
      var text = new String(content, StandardCharsets.UTF_8);
      if (text.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
        return path + " = " + text;
      }
    }
    var digest = ResponsesTest.digestOf(content).substring(7, 15);
    return "%s : %d bytes, %s".formatted(path, content.length, digest);
  }

  /**
   * @param content of a file
   */
  public static String line(ManifestEntry entry, byte[] content) {
    return switch (entry) {
      case ManifestEntry.File file -> {
        if (!ResponsesTest.digestOf(content).equals("sha256:" + file.sha256())) {
          throw new AssertionError(file.path() + " is not what the manifest says");
        }
        yield line(file.path() + (file.executable() ? "*" : ""), content);
      }
      case ManifestEntry.Link link -> link.path() + " -> " + link.text();
      case ManifestEntry.EmptyDirectory directory -> directory.path() + "/";
    };
  }

  public static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  public static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits.replace(" ", ""));
  }

  public static byte[] joined(byte[]... parts) {
    var out = new java.io.ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  @Override
  public String toString() {
    return name;
  }
}
