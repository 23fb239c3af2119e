package dev.corvid.bittorrent.announce;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.corvid.bittorrent.metainfo.InfoHash;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The query of a tracker's URL. Values are bytes, not text: an info-hash is percent-encoded without
 * regard to any character set (BEP 3), so no library that decodes UTF-8 can be used.
 */
final class QueryString {
  private static final int MAX_LENGTH = 8192;
  private static final int MAX_PARAMETERS = 128;

  private final Map<String, List<byte[]>> values = new TreeMap<>();

  private QueryString() {}

  static QueryString parse(String rawQuery) throws AnnounceException {
    if (rawQuery.length() > MAX_LENGTH) {
      throw new AnnounceException("the query is longer than " + MAX_LENGTH + " bytes");
    }
    var query = new QueryString();
    var parameters = rawQuery.split("&", MAX_PARAMETERS + 1);
    if (parameters.length > MAX_PARAMETERS) {
      throw new AnnounceException("more than " + MAX_PARAMETERS + " parameters");
    }
    for (var parameter : parameters) {
      var equals = parameter.indexOf('=');
      if (equals > 0) {
        query
            .values
            .computeIfAbsent(parameter.substring(0, equals), _ -> new ArrayList<>())
            .add(decode(parameter.substring(equals + 1)));
      }
    }
    return query;
  }

  List<byte[]> all(String name) {
    return values.getOrDefault(name, List.of());
  }

  Optional<String> text(String name) {
    return all(name).stream().findFirst().map(value -> new String(value, ISO_8859_1));
  }

  List<InfoHash> infoHashes() throws AnnounceException {
    List<InfoHash> hashes = new ArrayList<>();
    for (var value : all("info_hash")) {
      if (value.length != InfoHash.LENGTH) {
        throw new AnnounceException("info_hash has %d bytes, not 20".formatted(value.length));
      }
      hashes.add(InfoHash.of(value));
    }
    return hashes;
  }

  /** A number that must lie within bounds, if it is there. */
  Optional<Long> number(String name, long least, long most) throws AnnounceException {
    var text = text(name);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      var value = Long.parseLong(text.get());
      if (value >= least && value <= most) {
        return Optional.of(value);
      }
    } catch (NumberFormatException e) {
      // the same answer as for a number out of bounds
    }
    throw new AnnounceException(name + " is not a number from " + least + " to " + most);
  }

  /** Percent-encodes all bytes but RFC 3986's unreserved ones. */
  static String encode(byte[] value) {
    var encoded = new StringBuilder(value.length * 3);
    for (var b : value) {
      if (b >= '0' && b <= '9'
          || b >= 'a' && b <= 'z'
          || b >= 'A' && b <= 'Z'
          || b == '-'
          || b == '.'
          || b == '_'
          || b == '~') {
        encoded.append((char) b);
      } else {
        encoded.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
      }
    }
    return encoded.toString();
  }

  private static byte[] decode(String value) throws AnnounceException {
    var decoded = new ByteArrayOutputStream(value.length());
    for (var i = 0; i < value.length(); i++) {
      var c = value.charAt(i);
      if (c == '%') {
        if (i + 2 >= value.length()) {
          throw new AnnounceException("a percent sign without two digits");
        }
        decoded.write(hexDigit(value.charAt(++i)) << 4 | hexDigit(value.charAt(++i)));
      } else if (c > 0xff) {
        throw new AnnounceException("a character that is not a byte");
      } else {
        decoded.write(c);
      }
    }
    return decoded.toByteArray();
  }

  private static int hexDigit(char c) throws AnnounceException {
    var digit = c < 0x80 ? Character.digit(c, 16) : -1;
    if (digit < 0) {
      throw new AnnounceException("a percent sign without two digits");
    }
    return digit;
  }
}
