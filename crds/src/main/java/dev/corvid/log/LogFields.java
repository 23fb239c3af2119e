package dev.corvid.log;

import dev.corvid.wire.text.Printable;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** What a line is about, beside its message: written as keys of their own. Immutable. */
public final class LogFields {
  public static final LogFields NONE = new LogFields(new EnumMap<>(LogKey.class));

  private static final int MAX_NODES = 10;
  private static final int MAX_TEXT = 1024;

  private final Map<LogKey, Object> values;

  private LogFields(Map<LogKey, Object> values) {
    this.values = values;
  }

  public static LogFields of(LogKey key, Object value) {
    return NONE.and(key, value);
  }

  /**
   * With one field more.
   *
   * @param value a whole number, or what is written as its text; null leaves the key out
   */
  public LogFields and(LogKey key, @Nullable Object value) {
    if (value == null) {
      return this;
    }
    var more = new EnumMap<>(values);
    more.put(key, value instanceof Number ? value : Printable.text(value.toString(), MAX_TEXT));
    return new LogFields(more);
  }

  /** With the other's fields; of two values, the other's stays. */
  public LogFields and(LogFields other) {
    var more = new EnumMap<>(values);
    more.putAll(other.values);
    return new LogFields(more);
  }

  /** With the names of some nodes: all of a few, else the first ones. */
  public LogFields andNodes(Collection<String> nodes) {
    var names = new StringBuilder();
    Iterator<String> next = nodes.stream().sorted().iterator();
    for (int i = 0; i < MAX_NODES && next.hasNext(); i++) {
      names.append(i == 0 ? "" : ",").append(next.next());
    }
    if (nodes.size() > MAX_NODES) {
      names.append(" and ").append(nodes.size() - MAX_NODES).append(" more");
    }
    return and(LogKey.NODES, names);
  }

  void forEach(BiConsumer<LogKey, Object> action) {
    values.forEach(action);
  }
}
