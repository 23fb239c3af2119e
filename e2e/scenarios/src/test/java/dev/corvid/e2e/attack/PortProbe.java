package dev.corvid.e2e.attack;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;

/**
 * {@code PortProbe open|closed SECONDS HOST:PORT...} connects to each again and again until it is
 * as wanted or the time is over, and prints a line for each: what it was at the end.
 */
public final class PortProbe {
  private static final Duration PAUSE = Duration.ofMillis(300);
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private PortProbe() {}

  /**
   * @param arguments see above
   */
  public static void main(String[] arguments) throws Exception {
    boolean wanted = arguments[0].equals("open");
    long end = System.nanoTime() + Duration.ofSeconds(Long.parseLong(arguments[1])).toNanos();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var targets = List.of(arguments).subList(2, arguments.length);
      var found = targets.stream().map(it -> threads.submit(() -> probe(it, wanted, end))).toList();
      for (int i = 0; i < found.size(); i++) {
        System.out.println(targets.get(i) + " " + (found.get(i).get() ? "open" : "closed"));
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  private static boolean probe(String target, boolean wanted, long end)
      throws InterruptedException {
    while (true) {
      boolean open = isOpen(target);
      if (open == wanted || System.nanoTime() > end) {
        return open;
      }
      Thread.sleep(PAUSE); // no event says that a network policy came into force
    }
  }

  private static boolean isOpen(String target) {
    try (var socket = new Socket()) {
      socket.connect(HostAndPort.of(target), (int) PATIENCE.toMillis());
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
