package dev.corvid.e2e.bench;

import dev.corvid.e2e.Checkout;
import dev.corvid.e2e.Folders;
import dev.corvid.e2e.bench.network.Leftovers;
import dev.corvid.e2e.bench.program.Corvid;
import dev.corvid.e2e.bench.program.Tools;
import dev.corvid.e2e.bench.report.Figure;
import dev.corvid.e2e.bench.report.Figures;
import dev.corvid.e2e.bench.report.Progress;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code make bench}. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = {
      "Corvid, libtorrent, aria2, bt-core, nginx and curl side by side, on links made here.",
      "Needs Linux and root; installs what is missing from Debian's packages."
    })
public final class Bench implements Callable<Integer> {
  @Option(names = "--quick", description = "The most telling rows, small: three minutes.")
  private boolean quick;

  @Option(
      names = "--repeats",
      defaultValue = "3",
      description = "Runs of each program in each row (default: ${DEFAULT-VALUE}).")
  private int repeats;

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "ROW",
      description = "These rows; --list names them.")
  private List<String> only = List.of();

  @Option(
      names = "--program",
      paramLabel = "PROGRAM",
      description = "This program only, as the tables name it; may be repeated.")
  private List<String> programs = List.of();

  @Option(names = "--list", description = "Name the rows and end.")
  private boolean list;

  @Option(
      names = "--keep",
      description = "Other rows keep the figures that an earlier run left in target/bench.")
  private boolean keep;

  @Option(names = "--record", description = "Write e2e/bench/RESULTS.md from this run.")
  private boolean record;

  @Option(
      names = "--work",
      paramLabel = "DIR",
      defaultValue = "/dev/shm",
      description = "Where content goes: memory, so that no disk is measured (default).")
  private Path memory;

  private static final String FOLDER = "corvid-bench-";

  /** Who failed where a row's links, content or cluster could not be made. */
  private static final String GROUND = "what all stand on";

  private final PrintStream out = System.out;

  /**
   * What all rows stand on.
   *
   * @param memory where content goes, and downloads
   * @param disk where downloads go that are to end on a disk
   * @param progress of every swarm so far
   * @param figures of all rows so far
   */
  record Ground(
      Corvid corvid,
      Tools tools,
      Path memory,
      Path disk,
      List<Progress> progress,
      Figures figures) {}

  public static void main(String[] arguments) {
    Locale.setDefault(Locale.ROOT); // CSV and SVG have points, no commas
    var command = new CommandLine(new Bench());
    command.setExecutionExceptionHandler(
        (failure, line, _) -> {
          line.getErr().println("bench: " + failure.getMessage());
          return line.getCommandSpec().exitCodeOnExecutionException();
        });
    System.exit(command.execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    var checkout = Checkout.root();
    var corvid = new Corvid(checkout);
    var rows = new Rows(checkout, corvid);
    var chosen =
        (quick ? rows.quick() : rows.all())
            .stream().filter(row -> only.isEmpty() || only.contains(row.name())).toList();
    if (list) {
      chosen.forEach(row -> out.printf("%-16s %s%n", row.name(), row.title()));
      return 0;
    }
    if (!"root".equals(System.getProperty("user.name"))) {
      throw new IllegalStateException("namespaces and links need root: sudo make bench");
    }
    var target = checkout.resolve("target/bench");
    var tools = new Tools(target.resolve("tools"), out);
    tools.prepare();
    var results = new Results(target, keep ? rows.all() : chosen, rows.goals());
    if (keep) {
      results.keepOthersThan(chosen);
    }
    var own = FOLDER + ProcessHandle.current().pid();
    var ground =
        new Ground(
            corvid,
            tools,
            memory.resolve(own),
            target.resolve(own),
            results.progress(),
            results.figures());
    Runtime.getRuntime().addShutdownHook(new Thread(() -> cleanUp(ground)));
    Leftovers.removeAll();
    Folders.deleteAbandoned(memory, FOLDER);
    Folders.deleteAbandoned(target, FOLDER);
    Files.createDirectories(ground.memory());
    Files.createDirectories(ground.disk());
    boolean whole = true;
    for (var row : chosen) {
      out.printf("%n## %s (row %d of %d)%n%n", row.title(), 1 + chosen.indexOf(row), chosen.size());
      whole &= play(row, ground, results.figures());
      results.write(row);
      results.table(row).forEach(out::println);
    }
    results.writeSummary();
    results.summary().forEach(out::println);
    if (record) {
      results.record(checkout.resolve("e2e/bench/RESULTS.md"));
    }
    return whole ? 0 : 1;
  }

  /**
   * Every program in turn, the order swapped from repeat to repeat; whether all runs ended well.
   */
  private boolean play(Row row, Ground ground, Figures figures) {
    boolean whole = true;
    try (var stage = row.open(ground)) {
      var acts = new ArrayList<>(stage.acts().entrySet());
      for (int repeat = 1; repeat <= (quick ? 1 : repeats); repeat++) {
        for (var act : acts) {
          if (repeat > row.most(act.getKey())
              || !programs.isEmpty() && !programs.contains(act.getKey())) {
            continue;
          }
          try {
            var measured = act.getValue().play(repeat);
            for (var value : measured.entrySet()) {
              figures.add(
                  new Figure(row.name(), act.getKey(), repeat, value.getKey(), value.getValue()));
            }
            out.printf("%s %d: %s%n", act.getKey(), repeat, first(measured));
          } catch (Exception e) {
            whole = false;
            failed(row, act.getKey(), repeat, e, figures);
          }
        }
        Collections.rotate(acts, 1);
      }
    } catch (Exception e) { // the other rows stand on other ground
      whole = false;
      failed(row, GROUND, 1, e, figures);
    }
    out.println();
    return whole;
  }

  private void failed(Row row, String program, int repeat, Exception cause, Figures figures) {
    out.printf("%s %d FAILED: %s%n", program, repeat, cause);
    figures.add(new Figure(row.name(), program, repeat, Results.FAILED, 1));
  }

  private static String first(java.util.Map<String, Double> measured) {
    var first = measured.entrySet().iterator().next();
    return "%s %.3f".formatted(first.getKey(), first.getValue());
  }

  private static void cleanUp(Ground ground) {
    Leftovers.removeOwn();
    Folders.delete(ground.memory());
    Folders.delete(ground.disk());
  }
}
