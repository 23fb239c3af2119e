package dev.corvid.cli;

import dev.corvid.lifecycle.Termination;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Runs a command inside the test and keeps what it says. */
record Cli(int exitCode, String out, String err) {
  static synchronized Cli run(Object... arguments) {
    var words = new String[arguments.length];
    for (var i = 0; i < words.length; i++) {
      words[i] = arguments[i].toString();
    }
    var ownOut = System.out;
    var ownErr = System.err;
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    try {
      var code = Corvid.run(new Termination(), words);
      return new Cli(code, text(out), text(err));
    } finally {
      System.setOut(ownOut);
      System.setErr(ownErr);
    }
  }

  private static String text(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
