package dev.corvid.operator.release.record;

import static dev.corvid.operator.release.Given.NEW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.operator.release.Given;
import dev.corvid.operator.trust.SigningKey;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VerifiedSealsTest {
  private static final SigningKey KEY = SigningKey.generate();
  private static final RecordedRevision RECORD = Given.recorded(1, NEW, "sha256:new");

  private final VerifiedSeals seals = new VerifiedSeals();
  private final List<String> verified = new ArrayList<>();

  @Test
  void eachVersionOfAnObjectIsVerifiedOnce() {
    assertThat(look(object("own", "1"), KEY)).contains(RECORD);
    assertThat(look(object("own", "1"), KEY)).contains(RECORD);
    assertThat(look(object("forged", "2"), KEY)).isEmpty();
    assertThat(look(object("forged", "2"), KEY)).isEmpty();
    assertThat(verified).containsExactly("own 1", "forged 2");

    assertThat(look(object("own", "3"), KEY)).contains(RECORD);
    assertThat(verified).endsWith("own 3");
  }

  @Test
  void withAnotherKeyAllAreVerifiedAgain() {
    look(object("own", "1"), KEY);
    look(object("own", "1"), SigningKey.generate());

    assertThat(verified).hasSize(2);
  }

  @Test
  void whatIsGoneIsForgotten() {
    look(object("own", "1"), KEY);
    look(object("gone", "1"), KEY);
    seals.retain(List.of(object("own", "1")));
    look(object("own", "1"), KEY);
    look(object("gone", "1"), KEY);

    assertThat(verified).containsExactly("own 1", "gone 1", "gone 1");
  }

  private Optional<RecordedRevision> look(RawControllerRevision object, SigningKey key) {
    return seals.of(
        object,
        key,
        each -> {
          String uid = each.getMetadata().getUid();
          verified.add(uid + " " + each.getMetadata().getResourceVersion());
          return Optional.of(RECORD).filter(record -> uid.equals("own"));
        });
  }

  private static RawControllerRevision object(String uid, String version) {
    var object = new RawControllerRevision();
    object.setMetadata(new ObjectMetaBuilder().withUid(uid).withResourceVersion(version).build());
    return object;
  }
}
