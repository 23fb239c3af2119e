package dev.corvid.wire.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.wire.config.Roots;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTest {
  @ParameterizedTest
  @CsvSource({
    "0,0",
    "4096,4096",
    "20Gi,21474836480",
    "1.5k,1500",
    "0.5Ki,512",
    "7Ei,8070450532247928832"
  })
  void readsKubernetesQuantities(String text, long bytes) {
    assertThat(ByteSize.parse(text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "1 Gi", "1GiB", "8Ei", "1e3", "Gi"})
  void refusesWhatIsNoSize(String text) {
    assertThatThrownBy(() -> ByteSize.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "0,0",
    "1023,1023",
    "1024,1Ki",
    "1288490189,1.2Gi",
    "219043332,209Mi",
    "1048064,1.0Mi",
    "1048575,1.0Mi",
    "1073741823,1.0Gi",
    "9223372036854775807,8Ei"
  })
  void formatsForAPerson(long bytes, String text) {
    assertThat(ByteSize.format(bytes)).isEqualTo(text);
  }

  @Test
  void aReserveIsAShareOrASize() {
    assertThat(root("20%").reserveBytes(1000)).isEqualTo(200);
    assertThat(root("1Ki").reserveBytes(1)).isEqualTo(1024);
    assertThatThrownBy(() -> root("120%")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aNamespaceHasItsOwnQuotaOrThatOfAnyOther() {
    var quotas = Map.of("search", "1Ki", Roots.Root.ANY_OTHER, "5");
    assertThat(root("0", quotas).quotaBytes("search", 0)).hasValue(1024);
    assertThat(root("0", quotas).quotaBytes("ads", 0)).hasValue(5);
    assertThat(root("0").quotaBytes("ads", 0)).isEmpty();
    assertThatThrownBy(() -> root("0", Map.of("ads", "5 GB")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aQuotaIsAShareOrASize() {
    var quotas = Map.of("search", "50%", Roots.Root.ANY_OTHER, "100%");
    assertThat(root("0", quotas).quotaBytes("search", 1000)).hasValue(500);
    assertThat(root("0", quotas).quotaBytes("ads", 1000)).hasValue(1000);
    assertThatThrownBy(() -> root("0", Map.of("ads", "101%")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Roots.Root root(String reserve) {
    return root(reserve, null);
  }

  private static Roots.Root root(String reserve, Map<String, String> quotas) {
    return new Roots.Root("a", "/a", null, reserve, null, null, quotas, null, null, null);
  }
}
