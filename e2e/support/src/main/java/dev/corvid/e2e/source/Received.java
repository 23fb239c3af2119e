package dev.corvid.e2e.source;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A request that the server answered, or is answering.
 *
 * @param time of arrival
 * @param headers by lower-case name
 * @param status of the answer
 */
public record Received(
    Instant time, String method, String path, Map<String, List<String>> headers, int status) {
  /** The first value of a header, or null. */
  public String header(String lowerCaseName) {
    var values = headers.get(lowerCaseName);
    return values == null ? null : values.getFirst();
  }
}
