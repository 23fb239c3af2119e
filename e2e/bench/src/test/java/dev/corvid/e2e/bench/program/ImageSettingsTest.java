package dev.corvid.e2e.bench.program;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.e2e.Checkout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ImageSettingsTest {
  @Test
  void areThoseOfTheImageWithAnAotCacheOutsideOfIt() {
    var cache = Path.of("target/corvid-peer.aot");
    var settings = ImageSettings.of(Checkout.root().resolve("peer-image/peer"), cache);

    assertThat(settings)
        .contains("-XX:+UseSerialGC", "-XX:AOTCache=" + cache)
        .anyMatch(setting -> setting.startsWith("-Xmx"));
    assertThat(settings).noneMatch(setting -> setting.contains("/app") || setting.equals("-jar"));
  }

  /** Java reports options from the environment in a line that is not JSON. */
  @Test
  void comeAsArguments() throws Exception {
    for (var module : List.of("peer-image/peer", "operator")) {
      var pom = Files.readString(Checkout.root().resolve(module).resolve("pom.xml"));
      assertThat(pom).doesNotContain("JAVA_OPTIONS").doesNotContain("JAVA_TOOL");
      assertThat(pom).contains("<option>@/app/java.options</option>");
    }
  }
}
