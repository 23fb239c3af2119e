package dev.corvid.operator.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.api.v1alpha1.Source;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SourceHashTest {
  private static final String URL = "https://a/m.tar.gz";
  private static final String PIN = "sha256:" + "0".repeat(64);

  @ParameterizedTest(name = "{2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          http: {urls: [U]}                 | http: {urls: [U, "https://b/m.tar.gz"]}        | mirrors
          http: {urls: [U]}                 | http: {urls: [U]}, secretRef: {name: s}        | the Secret
          http: {urls: [U]}                 | http: {urls: [U]}, unpack: {format: TarGz}     | what Auto means anyway
          http: {urls: [U]}, digest: P      | http: {urls: ["https://b/x.tgz"]}, digest: P   | the place of pinned bytes
          http: {urls: [U]}, digest: P      | http: {urls: [U]}, digest: P, refresh: again   | refresh of pinned bytes
          http: {urls: ["https://a/x.tar.xz"]} | http: {urls: ["https://a/x.tar.xz"]}, unpack: {format: TarXz} | Auto of an xz
          http: {urls: ["https://a/x.tbz2"]} | http: {urls: ["https://a/x.tbz2"]}, unpack: {format: TarBz2} | Auto of a bzip2
          http: {urls: ["https://a/x.tzst"]} | http: {urls: ["https://a/x.tzst"]}, unpack: {format: TarZst} | Auto of a zst
          """)
  void isTheSameWhatever(String one, String other, String ignored) {
    assertThat(hash(one)).isEqualTo(hash(other));
  }

  @ParameterizedTest(name = "{2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          http: {urls: [U]}                 | http: {urls: ["https://b/m.tar.gz"]}           | another place
          http: {urls: [U]}                 | http: {urls: [U]}, refresh: again              | refresh
          http: {urls: [U]}                 | http: {urls: [U]}, digest: P                   | a pin
          http: {urls: [U]}                 | http: {urls: [U]}, unpack: {format: None}      | another format
          http: {urls: [U]}                 | http: {urls: [U]}, unpack: {stripComponents: 1} | stripped paths
          http: {urls: [U]}                 | http: {urls: [U]}, unpack: {exclude: [x]}      | files left out
          http: {urls: ["https://a/x.bin"]}, digest: P | http: {urls: ["https://a/y.bin"]}, digest: P | the name of a single file
          """)
  void changesWith(String one, String other, String what) {
    assertThat(hash(one)).isNotEqualTo(hash(other));
  }

  @Test
  void isGolden() {
    assertThat(hash("http: {urls: [U]}"))
        .as("a changed rule makes every release fetch its source again")
        .isEqualTo("sha256:96becc57cd10134f72bbe6f27ba61ca8774497413291a45133b8e2349aa524c1");
  }

  private static String hash(String yaml) {
    String source = yaml.replace("U", '"' + URL + '"').replace("digest: P", "digest: " + PIN);
    return SourceHash.of(Serialization.unmarshal("---\n{" + source + "}", Source.class));
  }
}
