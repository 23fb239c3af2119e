package dev.corvid.e2e.attack;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.TreeMap;

/**
 * {@code HttpPosts COUNT URL TOKEN BODY...} sends each body as a POST, in turn and so many in all,
 * and prints how often each status was answered. An empty token sends none.
 */
public final class HttpPosts {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private HttpPosts() {}

  /**
   * @param arguments see above
   */
  public static void main(String[] arguments) throws InterruptedException {
    var answers = new TreeMap<String, Integer>();
    try (var client = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
      for (int i = 0; i < Integer.parseInt(arguments[0]); i++) {
        var body = arguments[3 + i % (arguments.length - 3)];
        answers.merge(answer(client, arguments[1], arguments[2], body), 1, Integer::sum);
      }
    }
    System.out.println(answers);
  }

  private static String answer(HttpClient client, String url, String token, String body)
      throws InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(url))
            .timeout(PATIENCE)
            .POST(HttpRequest.BodyPublishers.ofString(body));
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    try {
      return Integer.toString(client.send(request.build(), BodyHandlers.discarding()).statusCode());
    } catch (java.io.IOException e) {
      return "no answer";
    }
  }
}
