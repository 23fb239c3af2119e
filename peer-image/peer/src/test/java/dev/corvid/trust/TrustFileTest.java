package dev.corvid.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.wire.WireException;
import dev.corvid.wire.grant.DeletionPolicy;
import dev.corvid.wire.grant.Grant;
import dev.corvid.wire.grant.ReleaseName;
import dev.corvid.wire.grant.SignedGrant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrustFileTest {
  private static final Grant REMOVAL =
      new Grant(
          "uid-1",
          new ReleaseName("search", "ranking"),
          null,
          "default",
          1,
          0,
          7,
          Grant.Action.REMOVE,
          null,
          null,
          List.of(),
          DeletionPolicy.DELETE,
          List.of("node-1"));

  @TempDir Path directory;

  @Test
  void verifiesWhatATrustedKeySigned() throws IOException {
    var cluster = new TestCluster(directory);
    var trust = new TrustFile(cluster.trustFile());
    assertThat(cluster.sign(REMOVAL).verify(trust.grantKeys())).isEqualTo(REMOVAL);
  }

  @Test
  void refusesAGrantThatWasChangedOnItsWay() throws IOException {
    var cluster = new TestCluster(directory);
    SignedGrant signed = cluster.sign(REMOVAL);
    var changed =
        new SignedGrant(
            signed.payload().replace("node-1", "node-2"), signed.keyId(), signed.signature());
    assertThatThrownBy(() -> changed.verify(new TrustFile(cluster.trustFile()).grantKeys()))
        .isInstanceOf(WireException.class)
        .hasMessageContaining("signature is wrong");
  }

  @Test
  void trustsTheKeysOfTheFileAsItIsNow() throws IOException {
    var before = new TestCluster(directory);
    var trust = new TrustFile(before.trustFile());
    before.sign(REMOVAL).verify(trust.grantKeys());
    var after = new TestCluster(directory);
    assertThat(after.sign(REMOVAL).verify(trust.grantKeys())).isEqualTo(REMOVAL);
    assertThatThrownBy(() -> before.sign(REMOVAL).verify(trust.grantKeys()))
        .isInstanceOf(WireException.class);
  }

  @Test
  void recoversWhenAMissingOrMalformedFileIsReplaced() throws IOException {
    var trust = new TrustFile(directory.resolve("trust.json"));
    assertThatThrownBy(trust::trust).isInstanceOf(NoSuchFileException.class);
    Files.writeString(directory.resolve("trust.json"), "{");
    assertThatThrownBy(trust::trust).isInstanceOf(WireException.class);
    new TestCluster(directory);
    assertThat(trust.trust().issuer()).isEqualTo(TestCluster.ISSUER);
  }

  @Test
  void readsATokenAnewWhenTheKubeletReplacedIt() throws IOException {
    Path file = Files.writeString(directory.resolve("token"), "first\n");
    var token = new TokenFile(file);
    assertThat(token.bearer()).isEqualTo("Bearer first");
    Path next = Files.writeString(directory.resolve("next"), "second\n");
    Files.move(next, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertThat(token.bearer()).isEqualTo("Bearer second");
  }
}
