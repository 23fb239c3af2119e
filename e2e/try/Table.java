import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Who has how much: redrawn in place on a terminal, a line now and then elsewhere. */
final class Table {
  private static final int WIDTH = 32;

  private final boolean terminal = System.console() != null && System.console().isTerminal();

  /** Shows progress until all are whole. */
  void showWhile(List<Member> peers, long bytes, CompletableFuture<Void> whole) throws Exception {
    var first = true;
    while (true) {
      if (terminal) {
        draw(peers, bytes, first);
      } else {
        System.out.println(summary(peers, bytes));
      }
      first = false;
      try {
        whole.get(terminal ? 250 : 3000, TimeUnit.MILLISECONDS);
        break;
      } catch (TimeoutException e) {
        // not yet: show how far they are
      } catch (ExecutionException e) {
        throw e.getCause() instanceof Trouble trouble
            ? trouble
            : new Trouble("not all peers were complete in time");
      }
    }
    if (terminal) {
      System.out.printf("\033[%dA\033[J", peers.size()); // the result takes its place
    }
  }

  /** The figures at the end. */
  void result(
      List<Member> peers,
      List<Map<String, Object>> totals,
      long bytes,
      Map<String, Object> seeder)
      throws Exception {
    System.out.printf("%n%-8s %8s %8s %13s %12s%n", "", "seconds", "MB/s", "from seeder", "from peers");
    for (var i = 0; i < peers.size(); i++) {
      var seconds = number(peers.get(i).await("complete"), "seconds");
      System.out.printf(
          "%-8s %8.1f %8.0f %10.0f MB %9.0f MB%n",
          peers.get(i).name(),
          seconds,
          bytes / 1e6 / seconds,
          number(totals.get(i), "fromSeeder") / 1e6,
          number(totals.get(i), "fromPeers") / 1e6);
    }
    System.out.printf(
        "%nThe seeder sent %.2f copies for %d; the peers gave each other the rest.%n",
        number(seeder, "uploaded") / bytes, peers.size());
  }

  private static void draw(List<Member> peers, long bytes, boolean first) {
    var text = new StringBuilder(first ? "" : "\033[%dA".formatted(peers.size()));
    for (var peer : peers) {
      var done = Math.min(1, (double) peer.progress("verified") / bytes);
      var filled = (int) (done * WIDTH);
      text.append(
          "\033[K%-8s [%s%s] %3.0f %%  %4d MB from the seeder, %4d MB from peers%n"
              .formatted(
                  peer.name(),
                  "#".repeat(filled),
                  " ".repeat(WIDTH - filled),
                  done * 100,
                  peer.progress("fromSeeder") / 1_000_000,
                  peer.progress("fromPeers") / 1_000_000));
    }
    System.out.print(text);
    System.out.flush();
  }

  private static String summary(List<Member> peers, long bytes) {
    var text = new StringBuilder();
    for (var peer : peers) {
      var percent = Math.min(100, 100 * peer.progress("verified") / bytes);
      text.append("%s %3d %%  ".formatted(peer.name(), percent));
    }
    return text.toString().strip();
  }

  private static double number(Map<String, Object> event, String field) {
    return ((Number) event.get(field)).doubleValue();
  }
}
