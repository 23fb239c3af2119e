package dev.corvid.wire;

import dev.corvid.wire.text.DurationFormat;
import dev.corvid.wire.text.Rate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks in the records' constructors: what is decoded is valid, or it is not decoded. */
public final class Require {
  private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");
  private static final Pattern INFO_HASH = Pattern.compile("[0-9a-f]{40}");
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
  private static final Pattern ZONE =
      Pattern.compile("([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?");
  private static final Pattern SUBDOMAIN = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");

  private Require() {}

  public static String digest(@Nullable String value, String field) {
    return matching(DIGEST, value, field, "sha256:<64 hex digits>");
  }

  public static String infoHash(@Nullable String value, String field) {
    return matching(INFO_HASH, value, field, "40 hex digits");
  }

  /** A name that becomes one directory: no dots, no slashes (RFC 1123 label). */
  public static String label(@Nullable String value, String field) {
    return matching(LABEL, value, field, "an RFC 1123 label");
  }

  public static String nodeName(@Nullable String value, String field) {
    return matching(SUBDOMAIN, value, field, "an RFC 1123 subdomain");
  }

  public static <T> T present(@Nullable T value, String field) {
    if (value == null) {
      throw new IllegalArgumentException(field + " is missing");
    }
    return value;
  }

  /** A name or identifier, which may appear in messages and logs. */
  public static String text(@Nullable String value, String field, int maximum) {
    String text = document(value, field, maximum);
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(field + " must not contain control characters");
    }
    return text;
  }

  /** Text that is only parsed. */
  public static String document(@Nullable String value, String field, int maximum) {
    String text = present(value, field);
    if (text.isEmpty() || text.length() > maximum) {
      throw new IllegalArgumentException(field + " must have 1 to " + maximum + " characters");
    }
    return text;
  }

  /** Bytes per second: 0 for no limit, else what can be kept without stalling a transfer. */
  public static void rate(long value, String field) {
    if (value != 0) {
      range(value, Rate.LEAST, Rate.MOST, field);
    }
  }

  public static long range(long value, long from, long to, String field) {
    if (value < from || value > to) {
      throw new IllegalArgumentException(
          field + " must be between " + from + " and " + to + ", is " + value);
    }
    return value;
  }

  /** A {@link DurationFormat} of at most that length. */
  public static void duration(String value, Duration most, String field) {
    if (DurationFormat.parse(value).compareTo(most) > 0) {
      throw new IllegalArgumentException(
          "%s is %s: %dh is the most".formatted(field, value, most.toHours()));
    }
  }

  /** An immutable copy; absent means empty. */
  public static <T> List<T> list(@Nullable List<T> value, int maximum, String field) {
    if (value == null) {
      return List.of();
    }
    if (value.size() > maximum) {
      throw new IllegalArgumentException(field + " has more than " + maximum + " elements");
    }
    return List.copyOf(value);
  }

  /** An immutable copy, by node name; absent means empty. */
  public static <T> Map<String, T> nodes(@Nullable Map<String, T> value, int maximum) {
    if (value == null) {
      return Map.of();
    }
    if (value.size() > maximum) {
      throw new IllegalArgumentException("nodes has more than " + maximum + " elements");
    }
    value.forEach(
        (node, each) -> {
          nodeName(node, "nodes");
          present(each, "nodes");
        });
    return Map.copyOf(value);
  }

  /** A port that a pod without privileges listens on. */
  public static void port(int value) {
    range(value, 1024, 65_535, "port");
  }

  /** An IP address, in the one form in which two of them are compared. */
  public static String address(@Nullable String value, String field) {
    try {
      return Endpoint.canonical(text(value, field, 45));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(field + " must be an IP address", e);
    }
  }

  /** The value of a Kubernetes label; empty for none. */
  public static String zone(@Nullable String value, String field) {
    return matching(ZONE, value, field, "a label's value");
  }

  private static String matching(
      Pattern pattern, @Nullable String value, String field, String form) {
    String text = present(value, field);
    if (!pattern.matcher(text).matches()) {
      throw new IllegalArgumentException(field + " must be " + form);
    }
    return text;
  }
}
