package dev.corvid.seeder.source;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.util.Optional;
import java.util.function.Consumer;

/** The network, as far as sources are concerned. */
public interface HttpTransport extends AutoCloseable {
  /**
   * A GET.
   *
   * @param hurried whether there is another URL to try, if this one is slow to begin
   * @param certificate what is shown to a server that asks for a certificate
   */
  record Request(
      SourceUrl url,
      boolean hurried,
      Optional<ClientCertificate> certificate,
      Consumer<HttpRequest.Builder> headers) {}

  /** What came back; the body must be closed. */
  record Reply(int status, HttpHeaders headers, InputStream body) {}

  Reply send(Request request) throws IOException, InterruptedException;

  /** Ends what is under way. */
  @Override
  void close();
}
