package dev.corvid.cli.make;

import static java.util.Objects.requireNonNull;

import dev.corvid.cli.process.ErrorMessage;
import dev.corvid.cli.process.Failure;
import dev.corvid.cli.process.Interruptible;
import dev.corvid.lifecycle.Termination;
import dev.corvid.seeder.unpack.ContentDigest;
import dev.corvid.wire.seeder.SeederTask;
import dev.corvid.wire.text.SourceFileName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "digest",
    mixinStandardHelpOptions = true,
    description = {
      "Prints the names that a release of DIR, an archive or a file will have, before anything is"
          + " fetched: the digest of its manifest (source.manifestDigest), the revision"
          + " (rollout.approvedRevision), and of an archive or a file the SHA-256 of its bytes"
          + " (source.http.digest).",
      "The options are the fields of a release's source, with the same defaults. A directory has"
          + " the digest of an archive of what is below it (tar -C DIR -cf x.tar .), without"
          + " components to strip. Without options nothing is left out, not even .git."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:the names are printed",
      "1:a seeder would refuse the content, or it cannot be read; see the message",
      "2:wrong usage"
    })
public final class DigestCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "DIR-or-FILE",
      description = "A directory, an archive or a single file.")
  private Path content;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "Auto",
      completionCandidates = Formats.class,
      description =
          "What a file is: ${COMPLETION-CANDIDATES}. Auto (the default) decides by the suffix of"
              + " its name; without an archive's suffix it is None, a single file.")
  private String format;

  @Option(
      names = "--strip-components",
      paramLabel = "N",
      defaultValue = "0",
      description = "Leading path components that are dropped, as tar does (default: 0).")
  private int stripComponents;

  @Option(
      names = "--unsafe-links",
      paramLabel = "Refuse|LeaveOut",
      defaultValue = "Refuse",
      description =
          "What happens to symbolic links that are absolute or may lead out (default: Refuse).")
  private String unsafeLinks;

  @Mixin private FileOptions chosen;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description =
          "The last part of the source's URL, if the file has another name there. Its suffix"
              + " decides for Auto, and a single file gets this name.")
  private @Nullable String name;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "text|json",
      defaultValue = "text",
      description = "How the names are printed: ${COMPLETION-CANDIDATES} (default: text).")
  private DigestOutput output;

  private final Termination termination;

  public DigestCommand(Termination termination) {
    this.termination = termination;
  }

  /** For the help. */
  static final class Formats implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return ContentDigest.formats().iterator();
    }
  }

  @Override
  public Integer call() throws Exception {
    var source = content.toRealPath();
    var request =
        new ContentDigest.Request(
            source,
            name == null ? TreeScan.nameOf(lastOf(content)) : decoded(name),
            new SeederTask.Files(chosen.include(), chosen.exclude()),
            unpack(Files.isDirectory(source)));
    if (!Files.isDirectory(source) && !Files.isRegularFile(source)) {
      throw new Failure(content + " is neither a file nor a directory: it cannot be released");
    }
    var result = Interruptible.call(termination, () -> digest(request));
    output.print(result);
    return 0;
  }

  /** As a seeder takes it from the URL: without its escapes, and without a query. */
  private static String decoded(String name) {
    var file = SourceFileName.ofUrl("/" + name).name();
    return file.isEmpty() ? name : file;
  }

  private static Path lastOf(Path content) {
    var last = content.toAbsolutePath().normalize().getFileName();
    return last == null ? Path.of("root") : last;
  }

  private SeederTask.Unpack unpack(boolean isDirectory) {
    if (!ContentDigest.formats().contains(format)) {
      throw usage(
          "--format must be one of %s, not '%s'"
              .formatted(String.join(", ", ContentDigest.formats()), format));
    }
    if (isDirectory && (name != null || !format.equals("Auto"))) {
      throw usage("--format and --name are about files, and " + content + " is a directory");
    }
    if (name != null && name.indexOf('/') >= 0) {
      throw usage("--name is the last part of a URL, without a slash: '" + name + "'");
    }
    try {
      return new SeederTask.Unpack(format, stripComponents, unsafeLinks);
    } catch (IllegalArgumentException e) {
      throw usage(OptionNames.of(requireNonNull(e.getMessage())));
    }
  }

  private ContentDigest.Result digest(ContentDigest.Request request) throws Exception {
    var scratch = Files.createTempDirectory("corvid-digest-");
    try {
      return ContentDigest.of(request, scratch);
    } catch (IOException e) {
      if (termination.isRequested()) {
        throw new InterruptedException("told to end");
      }
      throw new Failure(words(e, scratch), e);
    } finally {
      TemporaryFolder.delete(scratch);
    }
  }

  private String words(IOException e, Path scratch) {
    var words = OptionNames.of(ErrorMessage.describe(e));
    if (words.contains("scratch volume")) {
      return "the temporary folder %s cannot be used; java -Djava.io.tmpdir names another: %s"
          .formatted(scratch.getParent(), words);
    }
    var shown = Files.isDirectory(content) ? OptionNames.ofDirectory(words) : words;
    return shown.contains(content.toString()) ? shown : content + ": " + shown;
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
