package dev.corvid.cli.process;

import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/** What libraries log, for a person at a terminal: nothing but trouble. */
public final class Logs {
  /** Held here, or the level would be forgotten. What the server fails at, a command says. */
  private static final Logger SERVER = Logger.getLogger("io.helidon");

  private Logs() {}

  /** The pods' roles replace this by JSON. */
  public static void quiet() {
    LogManager.getLogManager().getLogger("").setLevel(Level.WARNING);
    SERVER.setLevel(Level.OFF);
  }
}
