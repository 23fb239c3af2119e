package dev.corvid.cli;

import dev.corvid.cli.make.DigestCommand;
import dev.corvid.cli.make.MakeCommand;
import dev.corvid.cli.process.Arguments;
import dev.corvid.cli.process.ErrorMessage;
import dev.corvid.cli.process.Failure;
import dev.corvid.cli.process.UncaughtErrors;
import dev.corvid.cli.revision.RevisionName;
import dev.corvid.cli.revision.WaitCommand;
import dev.corvid.cli.revision.WatchCommand;
import dev.corvid.cli.swarm.GetCommand;
import dev.corvid.cli.swarm.SeedCommand;
import dev.corvid.cli.swarm.TrackerCommand;
import dev.corvid.lifecycle.Termination;
import dev.corvid.net.Version;
import dev.corvid.node.PeerCommand;
import dev.corvid.seeder.SeederCommand;
import dev.corvid.telemetry.JsonLogs;
import dev.corvid.wire.text.Printable;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.InvalidPathException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The program. Exit codes: 0 done, 1 failed, 2 wrong usage. */
@Command(
    name = "corvid",
    mixinStandardHelpOptions = true,
    versionProvider = Corvid.BuildVersion.class,
    description = "Distributes a directory tree to many machines by BitTorrent.",
    synopsisSubcommandLabel = "COMMAND")
public final class Corvid implements Runnable {
  private static final Logger log = Logger.getLogger(Corvid.class.getName());
  private static final int MAX_MESSAGE = 4000;
  private static final List<Class<?>> COMMANDS =
      List.of(
          DigestCommand.class,
          MakeCommand.class,
          TrackerCommand.class,
          SeedCommand.class,
          GetCommand.class,
          WaitCommand.class,
          WatchCommand.class,
          SeederCommand.class,
          PeerCommand.class);

  @Spec private CommandSpec spec;

  private Corvid() {}

  public static void main(String[] arguments) {
    Locale.setDefault(Locale.ROOT); // figures read the same wherever they are written
    Thread.setDefaultUncaughtExceptionHandler(new UncaughtErrors(Runtime.getRuntime()::halt));
    var termination = Termination.ofProcess();
    System.exit(termination.ends(run(termination, arguments)));
  }

  /**
   * @return the exit code
   */
  static int run(Termination termination, String... arguments) {
    var line = new CommandLine(new Corvid(), new Factory(termination));
    commands(arguments).forEach(line::addSubcommand);
    return line.registerConverter(InetSocketAddress.class, Arguments::address)
        .registerConverter(Duration.class, Arguments::duration)
        .registerConverter(RevisionName.class, RevisionName::new)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(Corvid::fail)
        .execute(arguments);
  }

  /** Of all commands, in the order of the help. */
  static List<String> names() {
    return COMMANDS.stream().map(Corvid::name).toList();
  }

  private static String name(Class<?> command) {
    return command.getAnnotation(Command.class).name();
  }

  /** Only the one that is asked for, if it is known: to look at them all takes twice as long. */
  private static List<Class<?>> commands(String... arguments) {
    var first = arguments.length == 0 ? "" : arguments[0];
    var asked = COMMANDS.stream().filter(command -> name(command).equals(first)).toList();
    return asked.isEmpty() ? COMMANDS : asked;
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "a command is needed");
  }

  private static int fail(
      Exception problem, CommandLine command, CommandLine.ParseResult arguments) {
    if (JsonLogs.areInstalled()) {
      log.log(Level.SEVERE, problem, () -> "this program cannot run: " + problem.getMessage());
      return CommandLine.ExitCode.SOFTWARE;
    }
    PrintWriter err = command.getErr();
    switch (problem) {
      case Failure failure -> err.println("corvid: " + shown(failure.getMessage()));
      case IOException io -> err.println("corvid: " + shown(ErrorMessage.describe(io)));
      case InvalidPathException path ->
          err.println(
              "corvid: this locale cannot represent the file name; try LC_ALL=C.UTF-8: "
                  + shown(path.getInput()));
      default -> {
        err.println("corvid: unexpected error, please report it");
        problem.printStackTrace(err);
      }
    }
    return CommandLine.ExitCode.SOFTWARE;
  }

  /** Messages quote what strangers wrote: names in a torrent, answers of a tracker. */
  private static String shown(String message) {
    return Printable.text(String.valueOf(message), MAX_MESSAGE);
  }

  /** Asked for by {@code --version} only. */
  static final class BuildVersion implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"corvid " + Version.text()};
    }
  }

  /** Commands that run until they are told to end are given what tells them. */
  private record Factory(Termination termination) implements CommandLine.IFactory {
    @Override
    public <K> K create(Class<K> type) throws Exception {
      try {
        return type.getDeclaredConstructor(Termination.class).newInstance(termination);
      } catch (NoSuchMethodException e) {
        return CommandLine.defaultFactory().create(type);
      }
    }
  }
}
