package dev.corvid.e2e.bench.program;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.e2e.Checkout;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ImageSettingsTest {
  @Test
  void areThoseOfTheImageWithAnAotCacheOutsideOfIt() {
    var cache = Path.of("target/corvid-peer.aot");
    var settings = ImageSettings.of(Checkout.root().resolve("peer-image/pom.xml"), cache);

    assertThat(settings)
        .contains("-XX:+UseSerialGC", "-XX:AOTCache=" + cache)
        .anyMatch(setting -> setting.startsWith("-Xmx"));
    assertThat(settings).noneMatch(setting -> setting.contains("/app") || setting.equals("-jar"));
  }
}
