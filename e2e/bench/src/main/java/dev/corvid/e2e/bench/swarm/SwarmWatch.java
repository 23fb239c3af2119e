package dev.corvid.e2e.bench.swarm;

import dev.corvid.e2e.bench.program.Running;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** What is read from outside while a swarm runs: processors, memory, the seeder's wire. */
final class SwarmWatch implements AutoCloseable {
  private static final long SAMPLE_MILLIS = 100;

  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final long zeroNanos;
  private final List<Running> clients;
  private final LongSupplier seederSent;
  private final Machine machineAtZero = Machine.now();
  private final double processorAtZero;
  private final long sentAtZero;
  private OptionalLong oneCopyNanos = OptionalLong.empty();
  private long sentAtOneCopy;
  private double busy;
  private double processorAtEnd;
  private long sentAtEnd;

  /**
   * @param clients the seeder and the peers; some join later
   * @param seederSent bytes on the seeder's wire so far
   */
  SwarmWatch(long zeroNanos, List<Running> clients, LongSupplier seederSent) {
    this.zeroNanos = zeroNanos;
    this.clients = clients;
    this.seederSent = seederSent;
    processorAtZero = processorSeconds();
    sentAtZero = seederSent.getAsLong();
  }

  /** Peaks are kept by the programs themselves; reading is enough. */
  void start() {
    timer.scheduleAtFixedRate(
        () -> clients.forEach(Running::cost), 0, SAMPLE_MILLIS, TimeUnit.MILLISECONDS);
  }

  synchronized void oneCopy(long nanos) {
    oneCopyNanos = OptionalLong.of(nanos);
    sentAtOneCopy = seederSent.getAsLong();
  }

  synchronized void end() {
    busy = Machine.now().since(machineAtZero);
    processorAtEnd = processorSeconds();
    sentAtEnd = seederSent.getAsLong();
  }

  double seconds(long nanos) {
    return (nanos - zeroNanos) / 1e9;
  }

  synchronized OptionalDouble oneCopySeconds() {
    return oneCopyNanos.isPresent()
        ? OptionalDouble.of(seconds(oneCopyNanos.getAsLong()))
        : OptionalDouble.empty();
  }

  synchronized long sentUntilOneCopy() {
    return sentAtOneCopy - sentAtZero;
  }

  synchronized long sent() {
    return sentAtEnd - sentAtZero;
  }

  synchronized double busy() {
    return busy;
  }

  synchronized Outcome.Processor processor() {
    return new Outcome.Processor(processorAtEnd - processorAtZero, processorAtEnd);
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }

  private double processorSeconds() {
    return clients.stream().mapToDouble(client -> client.cost().processorSeconds()).sum();
  }
}
