package dev.corvid.e2e.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** Who asked the API server for what, from its audit log. */
public record AuditLog(Path file) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> WRITES =
      Set.of("create", "update", "patch", "delete", "deletecollection");

  /**
   * One request.
   *
   * @param resource plural, with {@code /subresource} if there is one
   * @param namespace empty for what has none
   * @param authorized whether the user has the right; what has it may be refused all the same, as
   *     everything new is in a namespace that is being deleted
   */
  public record Call(
      Instant time,
      String user,
      String verb,
      String group,
      String resource,
      String namespace,
      String name,
      boolean authorized,
      int code) {
    /** Whether it wants to change something that lasts. */
    public boolean isWrite() {
      return WRITES.contains(verb)
          && !resource.equals("leases")
          && !resource.endsWith("reviews")
          && !resource.equals("serviceaccounts/token");
    }

    @Override
    public String toString() {
      return "%s %s %s %s/%s -> %d".formatted(user, verb, resource, namespace, name, code);
    }
  }

  /** The requests of one user since a moment, oldest first. */
  public List<Call> callsOf(String user, Instant since) {
    try (var lines = Files.lines(file)) {
      return lines
          .filter(line -> line.contains(user) && line.endsWith("}"))
          .map(AuditLog::parse)
          .filter(call -> call.user().equals(user) && !call.time().isBefore(since))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes of one user since a moment, leases and token reviews apart. */
  public List<Call> writesOf(String user, Instant since) {
    return callsOf(user, since).stream().filter(Call::isWrite).toList();
  }

  private static Call parse(String line) {
    try {
      JsonNode event = JSON.readTree(line);
      JsonNode object = event.path("objectRef");
      var subresource = object.path("subresource").asText();
      var resource = object.path("resource").asText();
      return new Call(
          Instant.parse(event.path("requestReceivedTimestamp").asText()),
          event.path("user").path("username").asText(),
          event.path("verb").asText(),
          object.path("apiGroup").asText(),
          subresource.isEmpty() ? resource : resource + "/" + subresource,
          object.path("namespace").asText(),
          object.path("name").asText(),
          !event
              .path("annotations")
              .path("authorization.k8s.io/decision")
              .asText()
              .equals("forbid"),
          event.path("responseStatus").path("code").asInt());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
