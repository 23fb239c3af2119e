package dev.corvid.seeder;

import dev.corvid.wire.Content;
import dev.corvid.wire.ReleaseName;
import dev.corvid.wire.SeederTask;
import dev.corvid.wire.SwarmKey;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Fetches for a test, without waiting between attempts; each part can be set. */
final class FetchFixture {
  static final String BOOT = "this-boot";

  private final Path scratch;
  private final List<String> urls;
  final FetchProgress progress = new FetchProgress();
  final List<Duration> pauses = new ArrayList<>();
  String digest;
  String proxy;
  boolean proxyResolves;
  List<String> noProxy = List.of();
  SeederTask.Pinned pinned;
  SeederTask.Files files;
  SeederTask.Unpack unpack;
  long scratchBytes;
  List<String> allowed = List.of("127.0.0.0/8");
  String manifestDigest;
  List<String> denied = List.of();
  Path secret;
  AdminFiles admin = AdminFiles.NONE;
  Resolver resolver = host -> List.of(InetAddress.ofLiteral("127.0.0.1"));
  SourceTimeouts timeouts = new SourceTimeouts(Duration.ofSeconds(30), Duration.ofSeconds(30));
  String boot = BOOT;

  FetchFixture(Path scratch, String... urls) {
    this.scratch = scratch;
    this.urls = List.of(urls);
  }

  Path scratch() {
    return scratch;
  }

  SeederTask task() {
    return new SeederTask(
        "uid-1",
        new ReleaseName("search", "model"),
        "source-1",
        SwarmKey.of(new byte[32]),
        "http://127.0.0.1:9",
        new SeederTask.Http(urls.getFirst(), urls.subList(1, urls.size()), digest),
        manifestDigest,
        files,
        unpack,
        pinned,
        0,
        scratchBytes,
        new SeederTask.Egress(proxy, proxyResolves, noProxy, allowed, denied),
        null);
  }

  FetchedTree fetch() throws SourceException, InterruptedException {
    return fetch(new ScratchBudget(scratchBytes));
  }

  SeededRevision revision() throws SourceException, InterruptedException {
    var budget = new ScratchBudget(scratchBytes);
    return new RevisionBuilder(task(), 2).make(fetch(budget), budget, progress.bytes());
  }

  private FetchedTree fetch(ScratchBudget budget) throws SourceException, InterruptedException {
    return reusable().run(budget);
  }

  SourceFactory sources() {
    return new SourceFactory(task(), secret, admin, resolver, timeouts, new OriginRateLimiter(0));
  }

  /** For several attempts of one seeder. */
  FullFetch reusable() {
    return new FullFetch(
        task(), sources(), new ScratchVolume(scratch), progress, pauses::add, new Random(1), boot);
  }

  /** What an earlier seeder made, from other bytes. */
  static SeederTask.Pinned pinnedTo(String sourceDigest) {
    return new SeederTask.Pinned(
        sourceDigest, new Content("sha256:" + "0".repeat(64), "0".repeat(40), 1 << 18, 1, 1));
  }
}
