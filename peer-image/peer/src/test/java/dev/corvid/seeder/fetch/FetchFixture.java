package dev.corvid.seeder.fetch;

import dev.corvid.seeder.RevisionBuilder;
import dev.corvid.seeder.SeededRevision;
import dev.corvid.seeder.error.SourceException;
import dev.corvid.seeder.scratch.ScratchBudget;
import dev.corvid.seeder.scratch.ScratchVolume;
import dev.corvid.seeder.source.AdminFiles;
import dev.corvid.seeder.source.OriginRateLimiter;
import dev.corvid.seeder.source.Resolver;
import dev.corvid.seeder.source.SourceTimeouts;
import dev.corvid.wire.grant.Content;
import dev.corvid.wire.grant.ReleaseName;
import dev.corvid.wire.grant.SwarmKey;
import dev.corvid.wire.seeder.SeederTask;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;

/** Fetches for a test, without waiting between attempts; each part can be set. */
public final class FetchFixture {
  static final String BOOT = "this-boot";

  private final Path scratch;
  private final List<String> urls;
  public FetchProgress progress = new FetchProgress();
  public final List<Duration> pauses = new CopyOnWriteArrayList<>();
  public String digest;
  public String proxy;
  boolean proxyResolves;
  List<String> noProxy = List.of();
  public SeederTask.Pinned pinned;
  public SeederTask.Files files;
  public SeederTask.Unpack unpack;
  public long scratchBytes;
  public List<String> allowed = List.of("127.0.0.0/8");
  public String manifestDigest;
  public List<String> denied = List.of();
  public Path secret;
  public AdminFiles admin = AdminFiles.NONE;
  public Resolver resolver = host -> List.of(InetAddress.ofLiteral("127.0.0.1"));
  public SourceTimeouts timeouts =
      new SourceTimeouts(Duration.ofSeconds(30), Duration.ofSeconds(30));
  String boot = BOOT;
  RangeSettings ranges = RangeSettings.DEFAULT;
  OriginRateLimiter rate = new OriginRateLimiter(0);

  public FetchFixture(Path scratch, String... urls) {
    this.scratch = scratch;
    this.urls = List.of(urls);
  }

  public Path scratch() {
    return scratch;
  }

  public SeederTask task() {
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

  public FetchedTree fetch() throws SourceException, InterruptedException {
    return fetch(new ScratchBudget(scratchBytes));
  }

  public SeededRevision revision() throws SourceException, InterruptedException {
    var budget = new ScratchBudget(scratchBytes);
    return new RevisionBuilder(task(), 2).make(fetch(budget), budget, progress.bytes());
  }

  private FetchedTree fetch(ScratchBudget budget) throws SourceException, InterruptedException {
    return reusable().run(budget);
  }

  public SourceFactory sources() {
    var settings = ranges;
    return new SourceFactory(task(), secret, admin, resolver, timeouts, rate) {
      @Override
      RangeSettings ranges() {
        return settings;
      }
    };
  }

  /** For several attempts of one seeder. */
  public FullFetch reusable() {
    return new FullFetch(
        task(), sources(), new ScratchVolume(scratch), progress, pauses::add, new Random(1), boot);
  }

  /** What an earlier seeder made, from other bytes. */
  static SeederTask.Pinned pinnedTo(String sourceDigest) {
    return new SeederTask.Pinned(
        sourceDigest, new Content("sha256:" + "0".repeat(64), "0".repeat(40), 1 << 18, 1, 1));
  }
}
