package dev.corvid.bittorrent.net;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Closes channels whose connection is over anyway. */
public final class Channels {
  private static final Logger LOG = Logger.getLogger(Channels.class.getName());

  private Channels() {}

  public static void close(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.log(Level.FINE, "Closing a connection", e);
    }
  }
}
