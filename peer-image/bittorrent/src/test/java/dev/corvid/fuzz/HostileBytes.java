package dev.corvid.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;

/**
 * Random and mutated bytes against a decoder. Whatever comes, it answers or throws what it
 * declares, soon, and takes memory in proportion to what came and not to what that claims.
 *
 * <p>Seeded, so that a run is repeated; a failure says how to repeat its case alone. {@code
 * -Dcorvid.fuzz.times=100} runs a hundred times as many cases, {@code -Dcorvid.fuzz.seed=…} others.
 */
public final class HostileBytes {
  /** What reads the bytes, to the end and into whatever is decoded late. */
  @FunctionalInterface
  public interface Decoder {
    void decode(byte[] bytes) throws Exception;
  }

  static final long SEED = Long.getLong("corvid.fuzz.seed", 20260701);
  static final int TIMES = Integer.getInteger("corvid.fuzz.times", 1);
  static final int ONLY = Integer.getInteger("corvid.fuzz.case", -1);

  private static final long FREE_BYTES = 256 << 10;
  private static final long BYTES_PER_BYTE = 200;
  private static final long MOST_NANOS = 500_000_000L;
  private static final Duration HANGS = Duration.ofSeconds(30);

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final byte[][] samples;
  private Class<? extends Exception> refusal;
  private Decoder decoder;
  private volatile int number;
  private volatile Throwable failure;
  private int refused;
  private int read;

  private HostileBytes(byte[][] samples) {
    this.samples = samples;
  }

  /** Bytes made out of valid ones, which the decoder must read. */
  public static HostileBytes like(byte[]... samples) {
    return new HostileBytes(samples);
  }

  /** The one type of exception, with its subtypes, that may come out. */
  public HostileBytes refusedBy(Class<? extends Exception> type) {
    refusal = type;
    return this;
  }

  /** Runs that many cases, or a multiple of them. */
  public void into(int cases, Decoder target) throws Exception {
    decoder = target;
    for (var sample : samples) {
      decoder.decode(sample.clone());
    }
    var thread = Thread.ofPlatform().name("hostile bytes").start(() -> run(cases * TIMES));
    awaitProgress(thread);
    if (failure != null) {
      throw failure(failure);
    }
    if (ONLY < 0 && (refused == 0 || read == 0)) {
      throw new AssertionError(refused + " refused and " + read + " read: this proves nothing");
    }
  }

  /** A case that takes for ever is named too. */
  private void awaitProgress(Thread thread) throws InterruptedException {
    for (var before = -1; !thread.join(HANGS); before = number) {
      if (before != number) {
        continue;
      }
      var hang = new AssertionError("it does not come to an end");
      hang.setStackTrace(thread.getStackTrace());
      throw failure(hang);
    }
  }

  private void run(int cases) {
    try {
      if (ONLY >= 0) {
        number = ONLY;
        examine();
        return;
      }
      for (var i = 0; i < cases; i++) {
        number = i;
        examine();
      }
    } catch (Throwable e) {
      failure = e;
    }
  }

  private void examine() throws Exception {
    var bytes = bytes();
    if (affordable(bytes)) {
      return;
    }
    // The first to come a new way pays for classes that are loaded there.
    if (!affordable(bytes) && !affordable(bytes)) {
      throw new AssertionError("it takes more memory or time than its input explains");
    }
  }

  private boolean affordable(byte[] bytes) throws Exception {
    var allocated = THREADS.getCurrentThreadAllocatedBytes();
    var began = THREADS.getCurrentThreadCpuTime();
    try {
      decoder.decode(bytes.clone());
      read++;
    } catch (Exception e) {
      if (!refusal.isInstance(e)) {
        throw e;
      }
      refused++;
    }
    return THREADS.getCurrentThreadAllocatedBytes() - allocated
            <= FREE_BYTES + BYTES_PER_BYTE * bytes.length
        && THREADS.getCurrentThreadCpuTime() - began <= MOST_NANOS;
  }

  private byte[] bytes() {
    return new Mutation(samples, new SplittableRandom(SEED * 1_000_003 + number)).next();
  }

  private AssertionError failure(Throwable cause) {
    var bytes = bytes();
    var shown = HexFormat.of().formatHex(Arrays.copyOf(bytes, Math.min(bytes.length, 2000)));
    return new AssertionError(
        "%s. Repeat it: -Dcorvid.fuzz.seed=%d -Dcorvid.fuzz.case=%d. %d bytes: %s"
            .formatted(cause, SEED, number, bytes.length, shown),
        cause);
  }
}
