package dev.corvid.operator.release;

import java.util.Map;
import java.util.Objects;
import org.slf4j.MDC;

/**
 * What log lines carry beside their message. A thread of the framework (JOSDK 5.3.2) that is
 * created while another thread handles an event inherits that event, and would name it in each of
 * its lines.
 */
final class InheritedMdc {
  private static final String OF_AN_EVENT = "eventsource.";

  private InheritedMdc() {}

  /** Forgets the event of another thread; a line names the release that is reconciled. */
  static void begin() {
    Map<String, String> inherited = Objects.requireNonNullElse(MDC.getCopyOfContextMap(), Map.of());
    inherited.keySet().stream().filter(key -> key.startsWith(OF_AN_EVENT)).forEach(MDC::remove);
  }
}
