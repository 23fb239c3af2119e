package dev.corvid.seeder.source;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What is fetched without the proxy, in the notation of {@code NO_PROXY}: {@code example.com} is
 * that host and what is below it, {@code .example.com} only what is below it, and {@code
 * 10.0.0.0/8} the hosts that have an address there. Names are compared without case.
 */
public final class NoProxy {
  public static final NoProxy NONE = new NoProxy(List.of());

  private final List<String> names = new ArrayList<>();
  private final List<Cidr> blocks = new ArrayList<>();

  public NoProxy(List<String> texts) {
    for (var text : texts) {
      try {
        blocks.add(Cidr.parse(text));
      } catch (IllegalArgumentException notAnAddress) {
        names.add(name(text));
      }
    }
  }

  /** Whether a host of that name is fetched from directly, whatever its address. */
  public boolean cover(String host) {
    var name = name(host);
    return names.stream()
        .anyMatch(
            listed ->
                listed.startsWith(".")
                    ? name.endsWith(listed)
                    : name.equals(listed) || name.endsWith("." + listed));
  }

  private static String name(String text) {
    var lower = text.toLowerCase(Locale.ROOT);
    return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
  }

  /** Whether what has that address is fetched from directly, whatever its name. */
  public boolean cover(InetAddress address) {
    return blocks.stream().anyMatch(block -> block.contains(address));
  }
}
