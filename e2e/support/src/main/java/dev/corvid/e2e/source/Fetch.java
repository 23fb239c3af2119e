package dev.corvid.e2e.source;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;

/** {@code Fetch URL FILE}: what curl does, where there is none. Prints the seconds that it took. */
public final class Fetch {
  private Fetch() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    long start = System.nanoTime();
    try (var client = HttpClient.newHttpClient()) {
      var request = HttpRequest.newBuilder(URI.create(arguments[0])).build();
      var response = client.send(request, BodyHandlers.ofFile(Path.of(arguments[1])));
      if (response.statusCode() != 200) {
        throw new IOException(arguments[0] + " answered " + response.statusCode());
      }
    }
    System.out.println((System.nanoTime() - start) / 1e9);
  }
}
