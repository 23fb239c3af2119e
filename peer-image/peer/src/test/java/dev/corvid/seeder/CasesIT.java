package dev.corvid.seeder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.wire.text.Printable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Archives and servers on which fetchers break, each with what becomes of it here: the right bytes,
 * or a refusal that names the URL or the entry and says what to do. All run at once; the table of
 * verdicts and messages is target/cases.txt, which {@code make cases} prints.
 */
class CasesIT {
  private static final Path TABLE = Path.of("target/cases.txt");

  /** Those that wait do not keep the others from working. */
  private static final int AT_ONCE = 16;

  @TempDir static Path directory;
  private static OddServer server;
  private static final Map<Case, CompletableFuture<CaseRun.Outcome>> outcomes =
      new LinkedHashMap<>();

  private static List<Case> cases() throws IOException {
    return Stream.of(
            ResumeCases.all(),
            ResponseCases.all(),
            RedirectCases.all(),
            SourceCases.all(),
            UnexpectedContentCases.all(),
            TarCases.all(),
            LinkCases.all(),
            TarHeaderCases.all(),
            CompressedCases.all(),
            ZipCases.all())
        .flatMap(List::stream)
        .toList();
  }

  @BeforeAll
  static void start() throws IOException {
    server = new OddServer();
    var places = new Semaphore(AT_ONCE);
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var one : cases()) {
        server.serve(one.name, one.behavior);
        var done = new CompletableFuture<CaseRun.Outcome>();
        outcomes.put(one, done);
        executor.submit(() -> run(one, places, done));
      }
    }
  }

  @Test
  void namesAreUnique() {
    assertThat(outcomes.keySet().stream().map(one -> one.name)).doesNotHaveDuplicates();
  }

  private static void run(Case one, Semaphore places, CompletableFuture<CaseRun.Outcome> done) {
    try {
      places.acquire();
      try {
        var own = Files.createDirectories(directory.resolve(one.name));
        done.complete(
            one.replaced
                ? new ReplacedRun(one, server, own).run()
                : new CaseRun(one, server, own).run());
      } finally {
        places.release();
      }
    } catch (Throwable e) {
      done.completeExceptionally(e);
    }
  }

  @AfterAll
  static void print() throws IOException {
    server.close();
    var table = new StringBuilder();
    outcomes.forEach((one, outcome) -> table.append(row(one, outcome)));
    Files.writeString(TABLE, table);
  }

  private static String row(Case one, CompletableFuture<CaseRun.Outcome> outcome) {
    if (outcome.isCompletedExceptionally()) {
      return "%-26s FAILED     %s%n".formatted(one.name, outcome.exceptionNow());
    }
    var got = outcome.join();
    var more = got.attempts() > 1 && got.isReleased() ? ", attempt " + got.attempts() : "";
    return "%-26s %-10s %s%n%37s %s%n"
        .formatted(
            one.name,
            got.verdict(),
            one.what,
            "",
            Printable.text(
                got.isReleased() ? shown(got.tree()) + more : got.reason() + ": " + got.message(),
                1200));
  }

  private static String shown(List<String> tree) {
    var first = String.join("; ", tree.stream().limit(4).toList());
    return tree.size() > 4 ? first + "; … (" + tree.size() + ")" : first;
  }

  @TestFactory
  Stream<DynamicTest> eachBecomesWhatItShould() {
    return outcomes.entrySet().stream()
        .map(each -> DynamicTest.dynamicTest(each.getKey().name, () -> check(each.getKey())));
  }

  private static void check(Case one) {
    var got = outcomes.get(one).join();
    if (one.tree != null) {
      assertThat(got.tree()).as(got.message()).isEqualTo(one.tree);
    } else {
      assertThat(got.tree()).isEmpty();
      assertThat(got.message()).contains(one.words);
      assertThat(got.message()).containsAnyOf("/" + one.name + "/", "entry ", "content's files");
      assertThat(got.reason()).isEqualTo(one.reason);
      assertThat(got.message().contains("corrupt"))
          .as(got.message())
          .isEqualTo(one.words.stream().anyMatch(words -> words.contains("corrupt")));
    }
    one.requests.accept(server.requests(one.name));
  }
}
