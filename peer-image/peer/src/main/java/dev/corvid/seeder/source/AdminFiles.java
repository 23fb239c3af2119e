package dev.corvid.seeder.source;

import dev.corvid.seeder.error.SourceException;
import dev.corvid.wire.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an administrator gives to all seeders, in files that the kubelet mounts and replaces: read
 * for each attempt.
 *
 * @param authorities PEM bundle of authorities to trust beside the runtime's own; null or absent
 *     for none
 * @param proxySecret directory with {@code username} and {@code password}; null or absent for none
 */
public record AdminFiles(@Nullable Path authorities, @Nullable Path proxySecret) {
  public static final AdminFiles NONE = new AdminFiles(null, null);

  /** The bundle's text; empty when there is none. */
  public String bundle() throws SourceException {
    try {
      return authorities == null || !Files.exists(authorities)
          ? ""
          : Files.readString(authorities, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new SourceException(
          Reason.SourceUnreachable, "the chart's caBundle cannot be read: " + e, e);
    }
  }

  /**
   * The value of {@code Proxy-Authorization} (RFC 7617); empty when there are no credentials.
   *
   * @throws SourceException when the Secret lacks one of its keys
   */
  public Optional<String> proxyAuthorization() throws SourceException {
    try {
      var secret = MountedSecret.read(proxySecret);
      if (secret.values().isEmpty()) {
        return Optional.empty();
      }
      var username = secret.value("username");
      var password = secret.value("password");
      if (username == null || password == null) {
        throw new SourceException(
            Reason.SourceUnreachable,
            "the Secret that the chart's proxySecret names lacks the key username or password");
      }
      byte[] both = (username + ":" + password).getBytes(StandardCharsets.ISO_8859_1);
      return Optional.of("Basic " + Base64.getEncoder().encodeToString(both));
    } catch (IOException e) {
      throw new SourceException(
          Reason.SourceUnreachable, "the chart's proxySecret cannot be read: " + e, e);
    }
  }
}
