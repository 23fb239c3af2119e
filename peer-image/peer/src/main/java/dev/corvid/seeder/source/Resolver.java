package dev.corvid.seeder.source;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Names to addresses: DNS in a pod, a fixed answer in a test. */
@FunctionalInterface
public interface Resolver {
  List<InetAddress> resolve(String host) throws UnknownHostException;

  static Resolver system() {
    return host -> List.of(InetAddress.getAllByName(host));
  }
}
