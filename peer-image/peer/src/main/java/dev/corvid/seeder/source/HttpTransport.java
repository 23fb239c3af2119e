package dev.corvid.seeder.source;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The network, as far as sources are concerned. */
public interface HttpTransport extends AutoCloseable {
  /**
   * A GET.
   *
   * @param hurried whether there is another URL to try, if this one is slow to begin
   * @param certificate what is shown to a server that asks for a certificate
   * @param address that alone is asked, in place of all that the host's name has; null for any
   */
  record Request(
      SourceUrl url,
      boolean hurried,
      Optional<ClientCertificate> certificate,
      Consumer<HttpRequest.Builder> headers,
      @Nullable InetAddress address) {}

  /**
   * What came back; the body must be closed.
   *
   * @param address that sent it; null where a proxy chose it
   */
  record Reply(int status, HttpHeaders headers, InputStream body, @Nullable InetAddress address) {}

  Reply send(Request request) throws IOException, InterruptedException;

  /** Ends what is under way. */
  @Override
  void close();
}
