package dev.corvid.telemetry;

import dev.corvid.log.JsonLines;
import java.nio.charset.StandardCharsets;
import java.util.logging.ConsoleHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/** Turns this process's log into JSON lines on standard error. */
public final class JsonLogs {
  private JsonLogs() {}

  /**
   * Replaces whatever java.util.logging writes to; libraries write from WARNING, Corvid from INFO.
   */
  public static void install() {
    Logger root = LogManager.getLogManager().getLogger("");
    for (Handler handler : root.getHandlers()) {
      root.removeHandler(handler);
    }
    var console = new ConsoleHandler();
    console.setFormatter(new JsonLines());
    console.setLevel(Level.ALL);
    try {
      console.setEncoding(StandardCharsets.UTF_8.name());
    } catch (java.io.UnsupportedEncodingException e) {
      throw new IllegalStateException("UTF-8 is part of every JDK", e);
    }
    root.addHandler(console);
    root.setLevel(Level.WARNING);
    corvid.setLevel(Level.INFO);
  }

  /** Whether this process's log is JSON lines. */
  public static boolean areInstalled() {
    Handler[] handlers = LogManager.getLogManager().getLogger("").getHandlers();
    return handlers.length == 1 && handlers[0].getFormatter() instanceof JsonLines;
  }

  /** Held here: java.util.logging forgets the level of a logger that nobody holds. */
  private static final Logger corvid = Logger.getLogger("dev.corvid");
}
