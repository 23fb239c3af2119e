package dev.corvid.e2e.bench.swarm;

import dev.corvid.e2e.bench.network.Network;
import dev.corvid.e2e.bench.program.Event;
import dev.corvid.e2e.bench.program.Running;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Delays and loses packets between all nodes, where the kernel has no netem: the router sends them
 * over a TUN device through this process. Seeded: the n-th packet is lost in every run or in none.
 * Runs as a process of its own, in the router's namespace.
 *
 * <p>Arguments: nanoseconds of delay one way, share of packets lost, seed.
 */
public final class Relay {
  private static final String DEVICE = "relay0";
  private static final String RELAYING = "relaying";
  private static final int QUEUE = 1 << 16;
  private static final long SEED = 20;

  private record Packet(long dueNanos, byte[] bytes) {}

  private Relay() {}

  /** Starts it, and leads all that travels between nodes through it. */
  static void start(Network network, Impairment impairment) throws Exception {
    var words = new ArrayList<String>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(List.of("-XX:+UseSerialGC", "-Xmx128m", "--enable-native-access=ALL-UNNAMED"));
    words.addAll(List.of("-cp", System.getProperty("java.class.path"), Relay.class.getName()));
    words.add(Long.toString(impairment.roundTrip().toNanos() / 2));
    words.add(Double.toString(impairment.loss()));
    words.add(Long.toString(SEED));
    var relay = new Running("relay", network.router().running(words), Map.of(), Relay::understand);
    relay.listening().get(1, TimeUnit.MINUTES);
    network.divert(DEVICE);
  }

  private static Optional<Event> understand(String line) {
    return line.equals(RELAYING) ? Optional.of(new Event.Listening()) : Optional.empty();
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    long delay = Long.parseLong(arguments[0]);
    double loss = Double.parseDouble(arguments[1]);
    var random = new Random(Long.parseLong(arguments[2]));
    var tun = Tun.open(DEVICE);
    var underWay = new ArrayBlockingQueue<Packet>(QUEUE);
    Thread.ofPlatform().daemon().start(() -> deliver(underWay, tun));
    System.out.println(RELAYING);
    while (true) {
      var packet = tun.read();
      if (random.nextDouble() >= loss) {
        underWay.put(new Packet(System.nanoTime() + delay, packet));
      }
    }
  }

  private static void deliver(BlockingQueue<Packet> underWay, Tun tun) {
    try {
      while (true) {
        var packet = underWay.take();
        for (long early = packet.dueNanos() - System.nanoTime();
            early > 0;
            early = packet.dueNanos() - System.nanoTime()) {
          LockSupport.parkNanos(early);
        }
        tun.write(packet.bytes());
      }
    } catch (IOException | InterruptedException e) {
      System.err.println("relay: " + e.getMessage());
      System.exit(1); // or packets would vanish and nobody would know
    }
  }
}
