package dev.corvid.seeder;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.util.function.Consumer;

/** The network, as far as sources are concerned. */
interface Connections extends AutoCloseable {
  /** What came back; the body must be closed. */
  record Reply(int status, HttpHeaders headers, InputStream body) {}

  /**
   * Sends a GET.
   *
   * @param hurried whether there is another URL to try, if this one is slow to begin
   */
  Reply send(SourceUrl url, boolean hurried, Consumer<HttpRequest.Builder> headers)
      throws IOException, InterruptedException;

  /** Ends what is under way. */
  @Override
  void close();
}
