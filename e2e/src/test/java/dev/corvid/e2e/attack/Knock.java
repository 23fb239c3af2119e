package dev.corvid.e2e.attack;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;

/**
 * {@code Knock open|shut SECONDS HOST:PORT...} connects to each again and again until it is as
 * wanted or the time is over, and prints a line for each: what it was at the end.
 */
public final class Knock {
  private static final Duration PAUSE = Duration.ofMillis(300);
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private Knock() {}

  /**
   * @param arguments see above
   */
  public static void main(String[] arguments) throws Exception {
    boolean wanted = arguments[0].equals("open");
    long end = System.nanoTime() + Duration.ofSeconds(Long.parseLong(arguments[1])).toNanos();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var doors = List.of(arguments).subList(2, arguments.length);
      var found = doors.stream().map(it -> threads.submit(() -> knock(it, wanted, end))).toList();
      for (int i = 0; i < found.size(); i++) {
        System.out.println(doors.get(i) + " " + (found.get(i).get() ? "open" : "shut"));
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  private static boolean knock(String door, boolean wanted, long end) throws InterruptedException {
    while (true) {
      boolean open = isOpen(door);
      if (open == wanted || System.nanoTime() > end) {
        return open;
      }
      Thread.sleep(PAUSE);
    }
  }

  private static boolean isOpen(String door) {
    int colon = door.lastIndexOf(':');
    var address =
        new InetSocketAddress(
            door.substring(0, colon), Integer.parseInt(door.substring(colon + 1)));
    try (var socket = new Socket()) {
      socket.connect(address, (int) PATIENCE.toMillis());
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
