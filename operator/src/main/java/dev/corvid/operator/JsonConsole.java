package dev.corvid.operator;

import dev.corvid.log.JsonLines;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import org.jboss.logmanager.ExtHandler;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.LogContext;
import org.jboss.logmanager.formatters.JsonFormatter;

/**
 * Where the console has JSON, its lines get the keys that peers and seeders write. What the SDK
 * puts into a thread's MDC is left out: it stays there, and would stand in lines of other releases.
 */
@Singleton
class JsonConsole {
  void start(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE - 500) StartupEvent event) {
    for (Handler handler : LogContext.getLogContext().getLogger("").getHandlers()) {
      format(handler);
    }
  }

  private static void format(Handler handler) {
    if (handler.getFormatter() instanceof JsonFormatter) {
      handler.setFormatter(new Lines());
    }
    if (handler instanceof ExtHandler outer) {
      for (Handler inner : outer.getHandlers()) {
        format(inner);
      }
    }
  }

  /** Messages of JBoss Logging have parameters as printf takes them. */
  private static final class Lines extends JsonLines {
    @Override
    public String formatMessage(LogRecord record) {
      return record instanceof ExtLogRecord extended
          ? extended.getFormattedMessage()
          : super.formatMessage(record);
    }
  }
}
