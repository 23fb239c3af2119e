package dev.corvid.cli.make;

import dev.corvid.bittorrent.ErrorMessage;
import dev.corvid.cli.process.Failure;
import dev.corvid.seeder.unpack.FileFilter;
import java.util.List;
import picocli.CommandLine.Option;

/** Which files of the content are taken: the options, as a release's {@code source.files}. */
final class FileOptions {
  @Option(
      names = "--include",
      paramLabel = "PATTERN",
      description =
          "Take only what matches, and all below it; repeatable. * and ? match within a name, [ab]"
              + " one of these characters, ** between slashes any directories, {a,b} either; without"
              + " a slash, a name at any depth.")
  private List<String> include = List.of();

  @Option(
      names = "--exclude",
      paramLabel = "PATTERN",
      description = "Leave out what matches, and all below it, included or not; repeatable.")
  private List<String> exclude = List.of();

  List<String> include() {
    return include;
  }

  List<String> exclude() {
    return exclude;
  }

  /**
   * @throws Failure when a pattern can match nothing
   */
  FileFilter filter() throws Failure {
    try {
      return new FileFilter(include, exclude, new FileFilter.Names("--include", "--exclude"));
    } catch (IllegalArgumentException e) {
      throw new Failure(ErrorMessage.of(e), e);
    }
  }
}
