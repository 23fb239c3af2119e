package dev.corvid.wire.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.wire.Wire;
import dev.corvid.wire.WireException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RootsTest {
  @ParameterizedTest
  @CsvSource({
    "/data, /data",
    "/data, /data/",
    "/data, //data/./",
    "/data, /data/inner",
    "/data/inner, /data"
  })
  void rootsThatOverlapAreRefused(String one, String other) {
    assertThatThrownBy(() -> new Roots(List.of(root("a", one), root("b", other))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the roots a and b")
        .hasMessageContaining("a directory of its own");
  }

  @Test
  void rootsOfLikeNamesAreApart() {
    assertThat(new Roots(List.of(root("a", "/data"), root("b", "/data2"))).find("b")).isPresent();
    assertThatThrownBy(() -> new Roots(List.of(root("a", "/data"), root("a", "/data2"))))
        .hasMessageContaining("two roots are called a");
  }

  @Test
  void aNamespaceMayHaveSoManyFiles() {
    var root =
        new Roots.Root(
            "a",
            "/a",
            null,
            null,
            null,
            null,
            null,
            Map.of("search", 5L, Roots.Root.ANY_OTHER, 7L),
            null,
            null);
    assertThat(root.quotaFiles("search")).hasValue(5);
    assertThat(root.quotaFiles("ads")).hasValue(7);
    assertThat(root("a", "/a").quotaFiles("ads")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"Namespace, NAMESPACE", "Root, ROOT"})
  void sharingIsWrittenAsInTheChart(String text, Roots.Root.Sharing sharing) throws WireException {
    var json = "{\"name\":\"a\",\"hostPath\":\"/a\",\"sharing\":\"%s\"}".formatted(text);
    var root = Wire.decode(json.getBytes(StandardCharsets.UTF_8), Roots.Root.class);
    assertThat(root.sharing()).isEqualTo(sharing);
    assertThat(new String(Wire.encode(root), StandardCharsets.UTF_8)).contains("\"" + text + "\"");
  }

  private static Roots.Root root(String name, String hostPath) {
    return new Roots.Root(name, hostPath, null, null, null, null, null, null, null, null);
  }
}
