package dev.corvid.seeder.source;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * A block of addresses (RFC 4632); a bare address is a block of one.
 *
 * @param network any address of the block
 * @param prefix leading bits that count
 */
public record Cidr(InetAddress network, int prefix) {
  /**
   * @throws IllegalArgumentException when the text is neither an address nor a block; names are not
   *     resolved
   */
  public static Cidr parse(String text) {
    int slash = text.indexOf('/');
    try {
      var network = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
      int bits = network.getAddress().length * 8;
      // Java takes ::ffff:10.0.0.0/104 for an IPv4 address, and so it is 10.0.0.0/8.
      int mapped = bits == 32 && text.indexOf(':') >= 0 ? 96 : 0;
      int prefix = slash < 0 ? bits : Integer.parseInt(text.substring(slash + 1)) - mapped;
      if (prefix >= 0 && prefix <= bits) {
        return new Cidr(network, prefix);
      }
    } catch (IllegalArgumentException e) {
      // Said below, with what would be right.
    }
    throw new IllegalArgumentException(
        text + " is not a block of addresses; write 10.0.0.0/8, fd00::/8 or 127.0.0.1");
  }

  public static Cidr of(byte[] network, int prefix) {
    try {
      return new Cidr(InetAddress.getByAddress(network), prefix);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("an address has 4 or 16 bytes", e);
    }
  }

  public boolean contains(InetAddress address) {
    byte[] ours = network.getAddress();
    byte[] theirs = address.getAddress();
    int rest = ours.length * 8 - prefix;
    return ours.length == theirs.length
        && new BigInteger(1, ours)
            .shiftRight(rest)
            .equals(new BigInteger(1, theirs).shiftRight(rest));
  }
}
