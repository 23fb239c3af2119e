package dev.corvid.telemetry;

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
    console.setFormatter(new JsonFormatter());
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

  /** Held here: java.util.logging forgets the level of a logger that nobody holds. */
  private static final Logger corvid = Logger.getLogger("dev.corvid");
}
