package dev.corvid.seeder;

import dev.corvid.store.manifest.ManifestEntry;
import dev.corvid.wire.Reason;
import dev.corvid.wire.SeederTask;
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
 * with what its message says. A case is an archive, or the behaviour of a server.
 */
final class Case {
  private static final int SHOWN = 60;

  final String name;
  final String what;
  final OddServer.Behaviour behaviour;
  final List<String> files = new ArrayList<>();
  final Map<String, String> secret = new TreeMap<>();
  List<String> tree;
  Reason reason;
  List<String> words = List.of();
  String format = "Auto";
  int strip;
  String unsafeLinks;
  List<String> included = List.of();
  List<String> excluded = List.of();
  String digest;
  long scratchBytes = 256L << 20;
  SourceTimeouts timeouts = new SourceTimeouts(Duration.ofSeconds(10), Duration.ofSeconds(30));
  boolean waits;
  boolean once;
  boolean replaced;
  Consumer<List<OddServer.Request>> requests = asked -> {};

  /** Where an archive comes from. */
  @FunctionalInterface
  interface Bytes {
    byte[] get() throws IOException;
  }

  private Case(String name, String what, OddServer.Behaviour behaviour, String file) {
    this.name = name;
    this.what = what;
    this.behaviour = behaviour;
    this.files.add(file);
  }

  /**
   * @param name of the case, and the end of its URL
   */
  static Case archive(String name, String what, Bytes bytes) {
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

  static Case http(String name, String file, String what, OddServer.Behaviour behaviour) {
    return new Case(name, what, behaviour, file);
  }

  /** Another URL after the first. */
  Case mirror(String file) {
    files.add(file);
    return this;
  }

  Case format(String inSpec) {
    format = inSpec;
    return this;
  }

  Case strip(int components) {
    strip = components;
    return this;
  }

  /** Links that lead out are left out. */
  Case leavesLinksOut() {
    unsafeLinks = "LeaveOut";
    return this;
  }

  Case include(String... patterns) {
    included = List.of(patterns);
    return this;
  }

  Case exclude(String... patterns) {
    excluded = List.of(patterns);
    return this;
  }

  Case pinned(byte[] content) {
    digest = ResponsesTest.digestOf(content);
    return this;
  }

  Case scratch(long bytes) {
    scratchBytes = bytes;
    return this;
  }

  Case timeouts(Duration firstByte, Duration noProgress) {
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
  Case once() {
    once = true;
    return this;
  }

  /** The seeder of this is replaced when half of it is on a node, and scratch goes with it. */
  Case replaced() {
    replaced = true;
    return this;
  }

  Case requests(Consumer<List<OddServer.Request>> check) {
    requests = check;
    return this;
  }

  /**
   * @param lines as {@link #line} makes them
   */
  Case becomes(String... lines) {
    tree = Arrays.stream(lines).sorted().toList();
    return this;
  }

  /**
   * @param parts of the message, each
   */
  Case refused(Reason why, String... parts) {
    reason = why;
    words = List.of(parts);
    return this;
  }

  SeederTask.Unpack unpack() {
    return new SeederTask.Unpack(format, strip, unsafeLinks);
  }

  SeederTask.Files selected() {
    return new SeederTask.Files(included, excluded);
  }

  static String line(String path, byte[] content) {
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
  static String line(ManifestEntry entry, byte[] content) {
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

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits.replace(" ", ""));
  }

  static byte[] joined(byte[]... parts) {
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
