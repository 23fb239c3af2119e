package dev.corvid.seeder.http;

import dev.corvid.seeder.source.SourceUrl;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The cookies of one chain of redirects, for servers that redirect until theirs comes back. Each
 * goes to the very origin that set it, whatever its attributes say, and none outlives the chain.
 */
final class CookieJar {
  private static final int MAX = 50;
  private static final int MAX_LENGTH = 4096;

  /** Name and value in printable ASCII (RFC 6265, 4.1.1, and what servers send besides). */
  private static final Pattern PAIR =
      Pattern.compile("\\s*([^=;\\s]+)\\s*=\\s*([ -:<-~]*)(?:;.*)?");

  private static final Pattern AGE = Pattern.compile("(?i);\\s*Max-Age\\s*=\\s*(-?\\d+)");
  private static final Pattern LONG_AGO =
      Pattern.compile("(?i);\\s*Expires\\s*=[^;]*\\b19[67]\\d\\b");

  private final Map<String, Map<String, String>> byOrigin = new HashMap<>();

  /** Takes what an answer sets. */
  void keep(SourceUrl url, HttpHeaders headers) {
    for (var text : headers.allValues("Set-Cookie")) {
      var pair = PAIR.matcher(text);
      var cookies = byOrigin.computeIfAbsent(url.origin(), origin -> new LinkedHashMap<>());
      if (text.length() > MAX_LENGTH || !pair.matches()) {
        continue;
      }
      if (isTakenBack(text)) {
        cookies.remove(pair.group(1));
      } else if (cookies.size() < MAX) {
        cookies.put(pair.group(1), pair.group(2).strip());
      }
    }
  }

  /** By an age that is over, or else by a time that is (RFC 6265, 5.3): servers write 1970. */
  private static boolean isTakenBack(String text) {
    var age = AGE.matcher(text);
    return age.find()
        ? age.group(1).startsWith("-") || age.group(1).matches("0+")
        : LONG_AGO.matcher(text).find();
  }

  void into(SourceUrl url, HttpRequest.Builder request) {
    var cookies = byOrigin.getOrDefault(url.origin(), Map.of());
    if (!cookies.isEmpty()) {
      request.setHeader(
          "Cookie",
          cookies.entrySet().stream()
              .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
              .collect(Collectors.joining("; ")));
    }
  }
}
