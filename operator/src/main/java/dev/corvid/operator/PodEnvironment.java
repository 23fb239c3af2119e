package dev.corvid.operator;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/** Where the program finds what its pod gives it; the defaults are the chart's. */
@ConfigMapping(prefix = "corvid")
interface PodEnvironment {
  /** Directory of {@code config.json} and {@code roots.json}. */
  @WithDefault("/etc/corvid/config")
  Path config();

  /** The operator's own token for the tracker. */
  @WithDefault("/var/run/secrets/corvid/token")
  Path token();

  /** Where Corvid is installed. */
  @WithDefault("${POD_NAMESPACE:corvid-system}")
  String namespace();

  /** This instance's name, in the lease and in Events. */
  @WithDefault("${POD_NAME:${HOSTNAME:corvid-operator}}")
  String instance();

  @WithDefault("corvid-operator")
  String serviceAccount();

  /** The tracker's base URL, where it is not the Service's: outside of a cluster. */
  Optional<URI> tracker();
}
