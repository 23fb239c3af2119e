package dev.corvid.operator.release.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.api.v1alpha1.SwarmReleaseSpec;
import dev.corvid.wire.grant.Content;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
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
          http: {url: U}                 | http: {url: U, mirrors: ["https://b/m.tar.gz"]} | mirrors
          http: {url: U, mirrors: [V, W]} | http: {url: U, mirrors: [W, V]}            | the order of mirrors
          http: {url: U}                 | http: {url: U}, secretRef: {name: s}        | the Secret
          http: {url: U}                 | http: {url: U}, unpack: {format: TarGz}     | what Auto means anyway
          http: {url: U, digest: P}      | http: {url: "https://b/x.tgz", digest: P}   | the place of pinned bytes
          http: {url: U, digest: P}      | http: {url: U, digest: P}; version: b       | the version of pinned bytes
          http: {url: U}, manifestDigest: P | http: {url: "https://b/m.tar.gz"}, manifestDigest: P | the place of pinned content
          http: {url: U}, manifestDigest: P | http: {url: U, digest: P}, manifestDigest: P | the bytes of pinned content
          http: {url: U}, manifestDigest: P | http: {url: U}, manifestDigest: P; version: b | the version of pinned content
          http: {url: "https://a/x.tar.xz"} | http: {url: "https://a/x.tar.xz"}, unpack: {format: TarXz} | Auto of an xz
          http: {url: "https://a/x.tbz2"} | http: {url: "https://a/x.tbz2"}, unpack: {format: TarBz2} | Auto of a bzip2
          http: {url: "https://a/x.tzst"} | http: {url: "https://a/x.tzst"}, unpack: {format: TarZst} | Auto of a zst
          http: {url: "https://a/x.tar%2Egz", digest: P} | http: {url: "https://a/x.tar.gz", digest: P} | how the suffix of pinned bytes is spelt
          http: {url: "https://a/ü.bin", digest: P} | http: {url: "https://b/%C3%BC.bin", digest: P} | how the name of a pinned file is spelt
          http: {url: U}, files: {include: [x, y]} | http: {url: U}, files: {include: [y, x, y]} | the order of patterns that are taken
          http: {url: U}, files: {exclude: [x, y]} | http: {url: U}, files: {exclude: [y, x, y]} | the order of patterns that are left out
          """)
  void isTheSameWhatever(String one, String other, String ignored) {
    assertThat(hash(one)).isEqualTo(hash(other));
  }

  @ParameterizedTest(name = "{2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          http: {url: U}                 | http: {url: "https://b/m.tar.gz"}           | another place
          http: {url: U}                 | http: {url: U}; version: b                  | the version of what is not pinned
          http: {url: U}                 | http: {url: U, digest: P}                   | a pin
          http: {url: U}                 | http: {url: U}, manifestDigest: P           | a pin of the content
          http: {url: U, digest: P}      | http: {url: U}, manifestDigest: P           | what is pinned
          http: {url: U}                 | http: {url: U}, unpack: {format: None}      | another format
          http: {url: U}                 | http: {url: U}, unpack: {stripComponents: 1} | stripped paths
          http: {url: U}                 | http: {url: U}, files: {exclude: [x]}       | files left out
          http: {url: U}                 | http: {url: U}, unpack: {unsafeLinks: LeaveOut} | links left out
          http: {url: U}                 | http: {url: U}, files: {include: [x]}       | files taken
          http: {url: U}, files: {include: [x]} | http: {url: U}, files: {exclude: [x]} | which of the two
          http: {url: U}, files: {include: [x, exclude, "0"]} | http: {url: U}, files: {include: [x], exclude: ["0"]} | where one list ends
          http: {url: "https://a/x.tar%2Egz"} | http: {url: "https://a/x.tar%2Egz"}, unpack: {stripComponents: 1} | stripped paths of a suffix that is spelt otherwise
          http: {url: "https://a/x%2ezip"} | http: {url: "https://a/x%2ezip"}, unpack: {unsafeLinks: LeaveOut} | links left out of a suffix that is spelt otherwise
          http: {url: "https://a/x.bin"} | http: {url: "https://a/x.bin"}, files: {include: [y]} | what refuses a single file
          http: {url: "https://a/x.bin", digest: P} | http: {url: "https://a/y.bin", digest: P} | the name of a single file
          """)
  void changesWith(String one, String other, String what) {
    assertThat(hash(one)).isNotEqualTo(hash(other));
  }

  /** What the status prints, written into the spec, is no other revision. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          http: {url: U}                   | http: {url: U, digest: P}
          http: {url: U}; version: a       | http: {url: U, digest: P}
          http: {url: U}; version: a       | http: {url: U, digest: P}; version: b
          http: {url: U}                   | http: {url: U}, manifestDigest: P
          http: {url: V}                   | http: {url: U}, manifestDigest: P; version: b
          http: {url: U}                   | http: {url: "https://b/x.tgz", digest: P}
          http: {url: "https://a/m.tar.gz?sig=1"} | http: {url: "https://a/m.tar.gz?sig=2", digest: P}; version: b
          http: {url: "https://a/x.bin"}   | http: {url: "https://b/x.bin", digest: P}
          http: {url: U, digest: P}, manifestDigest: P | http: {url: U, digest: P}
          http: {url: U}, manifestDigest: P | http: {url: U, digest: P}
          http: {url: U, digest: P}        | http: {url: "https://b/x.bin"}, manifestDigest: P, files: {exclude: [x]}
          http: {url: U}; version: a       | http: {url: U}; version: old-name
          """)
  void isThatOfTheRevisionThatIsPinned(String fetched, String pinned) {
    var history = new RevisionHistory(List.of(revision(hash(fetched), "old-name")));

    assertThat(SourceHash.of(spec(pinned), history)).isEqualTo(hash(fetched));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          http: {url: U}                   | http: {url: V, digest: P}
          http: {url: "https://a/x.bin"}   | http: {url: "https://a/y.bin", digest: P}
          http: {url: U}, manifestDigest: P | http: {url: U, digest: P}, unpack: {stripComponents: 1}
          http: {url: U, digest: P}        | http: {url: U}
          http: {url: U}; version: a       | http: {url: "https://b/m.tar.gz"}
          http: {url: U}                   | http: {url: U, digest: P}, files: {exclude: [x]}
          http: {url: U}                   | http: {url: U, digest: Q}
          http: {url: U}                   | http: {url: U, digest: P}, manifestDigest: Q
          http: {url: U}                   | http: {url: U}; version: b
          """)
  void isItsOwnWhenTheRevisionMayBeAnother(String fetched, String other) {
    var history = new RevisionHistory(List.of(revision(hash(fetched), null)));

    assertThat(SourceHash.of(spec(other), history)).isEqualTo(hash(other));
  }

  /** Not another revision that had the name when it was fetched. */
  @Test
  void withoutAPinIsThatOfTheRevisionThatWasCalledSoLast() {
    String renamed = hash("http: {url: U}; version: a");
    String other = hash("http: {url: U}; version: b");
    var history = new RevisionHistory(List.of(revision(renamed, "b"), revision(other, "b")));

    assertThat(SourceHash.of(spec("http: {url: U}; version: b"), history)).isEqualTo(renamed);
  }

  /** As tasks and publications take it. */
  @Test
  void isBounded() {
    assertThat(hash("http: {url: U}; version: " + "v".repeat(63))).hasSizeLessThanOrEqualTo(160);
  }

  private static ReleaseRevision revision(String sourceHash, String version) {
    var content = new Content(PIN, "0".repeat(40), 1 << 18, 1, 1);
    return ReleaseRevision.unknownRollout(
        new RecordedRevision(1, version, sourceHash, PIN, content));
  }

  @Test
  void isGolden() {
    assertThat(hash("http: {url: U}"))
        .as("a changed rule makes every release fetch its source again")
        .isEqualTo(
            "sha256:aa5277ca7a63671530ff46fdca2b84d61ee3be44b35d84fced4644061ee7af92/19a8436126b62c30da6ddb57");
  }

  private static String hash(String yaml) {
    return SourceHash.of(spec(yaml));
  }

  private static SwarmReleaseSpec spec(String yaml) {
    String source =
        yaml.replace("U", '"' + URL + '"')
            .replaceAll("(d|D)igest: P", "$1igest: " + PIN)
            .replaceAll("(d|D)igest: Q", "$1igest: " + PIN.replace('0', '1'));
    String[] parts = source.split("; ", 2);
    String spec = "{source: {%s}, %s}".formatted(parts[0], parts.length == 1 ? "" : parts[1]);
    return Serialization.unmarshal("---\n" + spec, SwarmReleaseSpec.class);
  }
}
