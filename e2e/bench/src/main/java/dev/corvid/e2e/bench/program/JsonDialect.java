package dev.corvid.e2e.bench.program;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Optional;

/** One JSON object a line, as Corvid's {@code --json} and the driver of libtorrent write them. */
final class JsonDialect implements Dialect {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Override
  public Optional<Event> understand(String line) {
    try {
      var event = JSON.readTree(line);
      return switch (event.path("event").asText()) {
        case "listening" -> Optional.of(new Event.Listening());
        case "first-piece" -> Optional.of(new Event.FirstPiece());
        case "progress" -> Optional.of(new Event.Progress(event.path("verified").asLong()));
        case "complete" -> Optional.of(new Event.Complete());
        default -> Optional.empty();
      };
    } catch (JsonProcessingException e) {
      return Optional.empty(); // a warning of the runtime's, say
    }
  }
}
