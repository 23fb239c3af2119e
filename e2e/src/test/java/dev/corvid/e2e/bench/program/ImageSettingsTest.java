package dev.corvid.e2e.bench.program;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.e2e.Checkout;
import org.junit.jupiter.api.Test;

class ImageSettingsTest {
  @Test
  void areThoseOfTheImageWithoutItsPaths() {
    var settings = ImageSettings.of(Checkout.root().resolve("peer-image/pom.xml"));

    assertThat(settings)
        .contains("-XX:+UseSerialGC")
        .anyMatch(setting -> setting.startsWith("-Xmx"));
    assertThat(settings).noneMatch(setting -> setting.contains("/app") || setting.equals("-jar"));
  }
}
