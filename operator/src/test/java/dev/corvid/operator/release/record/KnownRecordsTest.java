package dev.corvid.operator.release.record;

import static dev.corvid.operator.release.Given.UPTIME;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.operator.release.Given;
import dev.corvid.time.Uptime;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class KnownRecordsTest {
  private final KnownRecords known = new KnownRecords();

  @Test
  void repairsTakeLongerPausesUntilNoneWasForLong() {
    Uptime now = UPTIME;
    for (int seconds : new int[] {1, 2, 4, 8, 16, 32, 60, 60}) {
      known.repaired(now);
      assertThat(known.mayRepair(now.plus(Duration.ofMillis(seconds * 1000L - 1)))).isFalse();
      now = now.plus(Duration.ofSeconds(seconds));
      assertThat(known.mayRepair(now)).isTrue();
    }

    Uptime later = now.plus(Duration.ofMinutes(10));
    known.repaired(later);
    assertThat(known.mayRepair(later.plus(Duration.ofSeconds(1)))).isTrue();
  }

  @Test
  void anObjectIsToBeAdoptedUntilThatIsDone() {
    assertThat(known.isAdopted("1-2", "7")).isFalse();
    assertThat(known.isAdopted("1-2", "7")).isFalse();
    known.adopted("1-2", "7");
    assertThat(known.isAdopted("1-2", "7")).isTrue();
    assertThat(known.isAdopted("1-2", "8")).isFalse();
  }

  /** A tenant may make and delete copies of sealed records as long as it likes. */
  @Test
  void anAdoptedObjectThatIsGoneIsForgotten() {
    known.adopted("1-2", "7");
    known.adopted("3-4", "8");

    known.retainObjects(List.of(object("3-4")));

    assertThat(known.isAdopted("1-2", "7")).isFalse();
    assertThat(known.isAdopted("3-4", "8")).isTrue();
  }

  private static RawControllerRevision object(String uid) {
    var object = new RawControllerRevision();
    object.setMetadata(new ObjectMetaBuilder().withUid(uid).build());
    return object;
  }

  /** As long as the newer one is not written, the older one is all that is left. */
  @Test
  void ofTwoRecordsThatDifferInTheirVersionTheNewerCounts() {
    RecordedRevision first = Given.recorded(1, Given.NEW, "sha256:new");
    RecordedRevision renamed = first.named(2, "2.0");
    known.add(first);
    assertThat(known.isReplaced(first)).isFalse();

    known.add(renamed);
    known.add(first);

    assertThat(known.all()).containsExactly(renamed);
    assertThat(known.isReplaced(first)).isTrue();
    assertThat(known.isReplaced(renamed)).isFalse();
  }

  /** As after the loss of the signing key: nodes keep what they hold. */
  @Test
  void whatIsUnprovenMayBeKept() {
    var none = new RevisionHistory(List.of());
    known.unproven(List.of("sha256:c", "sha256:b", "sha256:a"));

    assertThat(known.kept(none, 2)).containsExactly("sha256:c", "sha256:b");
    known.unproven(List.of());
    assertThat(known.kept(none, 2)).isEmpty();
  }
}
