package dev.corvid.cli.process;

import dev.corvid.wire.text.ByteSize;
import dev.corvid.wire.text.DurationFormat;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How arguments are written. What cannot be read says how it should look. */
public final class Arguments {
  private static final Pattern ADDRESS =
      Pattern.compile("(?:\\[([0-9a-fA-F:.%]+)]|([^:\\[\\]]*)):([0-9]{1,12})");
  private static final int MAX_PORT = 65535;

  private Arguments() {}

  public static InetSocketAddress address(String text) {
    var matcher = ADDRESS.matcher(text);
    if (!matcher.matches()) {
      throw new TypeConversionException(
          "'" + text + "' is not an address; write 10.0.0.1:6881, name:6881 or [fd00::1]:6881");
    }
    long port = Long.parseLong(matcher.group(3));
    if (port > MAX_PORT) {
      throw new TypeConversionException(
          "port %d is out of range: write one from 0 to %d".formatted(port, MAX_PORT));
    }
    var host = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
    try {
      var address = InetAddress.getByName(host.isEmpty() ? "0.0.0.0" : host);
      return new InetSocketAddress(address, (int) port);
    } catch (UnknownHostException e) {
      throw new TypeConversionException("host '" + host + "' is not known");
    }
  }

  public static Duration duration(String text) {
    try {
      return DurationFormat.parse(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }

  /** Bytes, as in {@code 4Mi}. */
  public static final class Size implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
      try {
        return ByteSize.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }
}
