import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** A process of the swarm and what it has told, event by event. Thread-safe. */
final class Member {
  private static final TypeReference<Map<String, Object>> EVENT = new TypeReference<>() {};
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String name;
  private final Process process;
  private final Map<String, CompletableFuture<Map<String, Object>>> events =
      new ConcurrentHashMap<>();
  private volatile Map<String, Object> progress = Map.of();

  Member(String name, Process process) {
    this.name = name;
    this.process = process;
    Thread.ofVirtual().start(this::listen);
  }

  String name() {
    return name;
  }

  /** The first event of that name; fails when the process ends without it. */
  CompletableFuture<Map<String, Object>> event(String event) {
    var future = events.computeIfAbsent(event, _ -> new CompletableFuture<>());
    process
        .onExit()
        .thenRun(() -> future.completeExceptionally(new Trouble(name + " ended too early")));
    return future;
  }

  Map<String, Object> await(String event) throws Exception {
    return event(event).get(30, TimeUnit.SECONDS);
  }

  /** A figure of the latest progress; 0 before the first. */
  long progress(String figure) {
    return ((Number) progress.getOrDefault(figure, 0)).longValue();
  }

  /** Ends the process as an orchestrator would; returns its totals. */
  Map<String, Object> end() throws Exception {
    var totals = events.computeIfAbsent("totals", _ -> new CompletableFuture<>());
    process.toHandle().destroy(); // Process.destroy would close its output before the totals
    return totals.get(30, TimeUnit.SECONDS);
  }

  private void listen() {
    try (var lines = process.inputReader()) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        var event = JSON.readValue(line, EVENT);
        if (event.get("event").equals("progress")) {
          progress = event;
        } else {
          events
              .computeIfAbsent(event.get("event").toString(), _ -> new CompletableFuture<>())
              .complete(event);
        }
      }
    } catch (IOException e) {
      // the process has ended, and who waits for an event of it is told so
    }
  }
}
