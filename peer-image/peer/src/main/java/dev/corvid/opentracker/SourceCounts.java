package dev.corvid.opentracker;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * How much comes from where: an address of IPv4, or a /64 network of IPv6, in which one host has as
 * many addresses as it likes. Not thread-safe.
 */
final class SourceCounts {
  private static final int NETWORK_BYTES = 8;

  private final Map<ByteBuffer, Integer> counts = new HashMap<>();

  void add(InetAddress address) {
    counts.merge(source(address), 1, Integer::sum);
  }

  void remove(InetAddress address) {
    counts.computeIfPresent(source(address), (_, count) -> count == 1 ? null : count - 1);
  }

  int count(InetAddress address) {
    return counts.getOrDefault(source(address), 0);
  }

  private static ByteBuffer source(InetAddress address) {
    byte[] bytes = address.getAddress();
    return ByteBuffer.wrap(
        address instanceof Inet6Address ? Arrays.copyOf(bytes, NETWORK_BYTES) : bytes);
  }
}
