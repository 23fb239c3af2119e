package dev.corvid.bittorrent.announce;

import dev.corvid.bittorrent.metainfo.BencodeException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Peers as address and port in network order without anything around them: 6 bytes each for IPv4
 * (BEP 23), 18 for IPv6 (BEP 7).
 */
enum CompactPeers {
  IPV4(4),
  IPV6(16);

  private final int addressBytes;

  CompactPeers(int addressBytes) {
    this.addressBytes = addressBytes;
  }

  /** The peers of this family; others are left out. */
  byte[] encode(List<InetSocketAddress> peers) {
    var own = peers.stream().filter(peer -> this == of(peer.getAddress())).toList();
    var bytes = ByteBuffer.allocate(own.size() * (addressBytes + 2));
    for (var peer : own) {
      bytes.put(peer.getAddress().getAddress()).putShort((short) peer.getPort());
    }
    return bytes.array();
  }

  /** Peers without a port are left out, because they cannot be dialled. */
  List<InetSocketAddress> decode(byte[] bytes) throws BencodeException {
    if (bytes.length % (addressBytes + 2) != 0) {
      throw new BencodeException("compact peers end in the middle of one");
    }
    List<InetSocketAddress> peers = new ArrayList<>();
    for (var in = ByteBuffer.wrap(bytes); in.hasRemaining(); ) {
      var address = new byte[addressBytes];
      in.get(address);
      var port = Short.toUnsignedInt(in.getShort());
      if (port != 0) {
        peers.add(new InetSocketAddress(toAddress(address), port));
      }
    }
    return peers;
  }

  static CompactPeers of(InetAddress address) {
    return address instanceof Inet4Address ? IPV4 : IPV6;
  }

  private static InetAddress toAddress(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address of 4 or 16 bytes is always legal", e);
    }
  }
}
