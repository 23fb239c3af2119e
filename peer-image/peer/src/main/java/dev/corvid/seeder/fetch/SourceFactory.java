package dev.corvid.seeder.fetch;

import dev.corvid.seeder.error.SourceException;
import dev.corvid.seeder.http.RetryAfterTimes;
import dev.corvid.seeder.http.SourceHttpClient;
import dev.corvid.seeder.source.AddressPolicy;
import dev.corvid.seeder.source.AdminFiles;
import dev.corvid.seeder.source.Cidr;
import dev.corvid.seeder.source.Credentials;
import dev.corvid.seeder.source.HttpTransport;
import dev.corvid.seeder.source.MountedSecret;
import dev.corvid.seeder.source.NoProxy;
import dev.corvid.seeder.source.OriginRateLimiter;
import dev.corvid.seeder.source.PinnedConnections;
import dev.corvid.seeder.source.Resolver;
import dev.corvid.seeder.source.SourceTimeouts;
import dev.corvid.seeder.source.SourceUrl;
import dev.corvid.seeder.source.TrustStore;
import dev.corvid.time.Uptime;
import dev.corvid.wire.Reason;
import dev.corvid.wire.seeder.SeederTask;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes a new source of a task for each attempt, with the Secret of that moment. */
public class SourceFactory {
  private final SeederTask task;
  private final @Nullable Path secretDirectory;
  private final AdminFiles admin;
  private final Resolver resolver;
  private final SourceTimeouts timeouts;
  private final OriginRateLimiter rate;
  private final RetryAfterTimes retryTimes = new RetryAfterTimes(Uptime::now);
  private final RangeFailures rangeFailures = new RangeFailures();
  private final SingleConnectionOrigins singles = new SingleConnectionOrigins();

  /**
   * @param secretDirectory the mounted Secret; null or absent for none
   * @param admin what an administrator gives to all seeders
   * @param rate of all sources that this makes together
   */
  public SourceFactory(
      SeederTask task,
      @Nullable Path secretDirectory,
      AdminFiles admin,
      Resolver resolver,
      SourceTimeouts timeouts,
      OriginRateLimiter rate) {
    this.task = task;
    this.secretDirectory = secretDirectory;
    this.admin = admin;
    this.resolver = resolver;
    this.timeouts = timeouts;
    this.rate = rate;
  }

  public MirroredSource create() throws SourceException {
    var secret = secret();
    var own = secret.value("ca.crt");
    var trusted = new TrustStore(List.of(admin.bundle(), own == null ? "" : own));
    return new MirroredSource(
        new SourceHttpClient(rate.limiting(connections(trusted)), new Credentials(secret)),
        urls(),
        task.hasDigest(),
        retryTimes,
        rangeFailures,
        singles,
        ranges());
  }

  /** How a source is read over several connections. */
  RangeSettings ranges() {
    return RangeSettings.DEFAULT;
  }

  /** Of one attempt. */
  HttpTransport connections(TrustStore trusted) throws SourceException {
    return new PinnedConnections(policy(), resolver, trusted, proxy(), timeouts);
  }

  /** The spec's URL: its suffix and file name count, also for mirrors. */
  public SourceUrl firstUrl() throws SourceException {
    return SourceUrl.parse(task.http().url());
  }

  private MountedSecret secret() throws SourceException {
    try {
      var secret = MountedSecret.read(secretDirectory);
      if (secret.missing()) {
        throw new SourceException(
            Reason.SourceAuthFailed,
            "the Secret of spec.source.secretRef does not exist in the namespace %s, or has no keys; create it there, or correct its name"
                .formatted(task.release().namespace()));
      }
      return secret;
    } catch (SourceException e) {
      throw e;
    } catch (IOException e) {
      throw new SourceException(
          Reason.SourceAuthFailed, "the Secret of spec.source.secretRef cannot be read: " + e, e);
    }
  }

  private List<SourceUrl> urls() throws SourceException {
    var urls = new ArrayList<SourceUrl>();
    for (var url : task.http().urls()) {
      urls.add(SourceUrl.parse(url));
    }
    return urls;
  }

  private AddressPolicy policy() throws SourceException {
    return new AddressPolicy(
        blocks("allowedAddresses", task.egress().allowedAddresses()),
        blocks("deniedAddresses", task.egress().deniedAddresses()));
  }

  private static List<Cidr> blocks(String value, List<String> texts) throws SourceException {
    try {
      return texts.stream().map(Cidr::parse).toList();
    } catch (IllegalArgumentException e) {
      throw new SourceException(
          Reason.SeederFailed, "the chart's seeder." + value + " is wrong: " + e.getMessage());
    }
  }

  private Optional<PinnedConnections.Proxy> proxy() throws SourceException {
    var text = task.egress().proxy();
    if (text == null || text.isBlank()) {
      return Optional.empty();
    }
    try {
      var uri = URI.create(text);
      return Optional.of(
          new PinnedConnections.Proxy(
              InetSocketAddress.createUnresolved(uri.getHost(), uri.getPort()),
              task.egress().proxyResolves(),
              new NoProxy(task.egress().noProxy()),
              admin.proxyAuthorization()));
    } catch (IllegalArgumentException e) {
      throw new SourceException(
          Reason.SourceUnreachable, "the chart's proxy is " + text + "; write http://host:port", e);
    }
  }
}
