package dev.corvid.operator.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.api.v1alpha1.SwarmRelease;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TracksTest {
  private final Tracks tracks = new Tracks();

  @Test
  void aReleaseHasOneTrackAndItsNamesakeAnother() {
    Track track = tracks.of(release("11-22"));

    assertThat(tracks.of(release("11-22"))).isSameAs(track);
    assertThat(tracks.of(release("33-44"))).isNotSameAs(track);
  }

  @Test
  void theTrackOfAReleaseThatIsDeletedIsForgotten() {
    Track track = tracks.of(release("11-22"));

    tracks.forget(release("11-22"));

    assertThat(tracks.of(release("11-22"))).isNotSameAs(track);
  }

  /** Of one whose finalizer somebody removed no deletion is seen. */
  @Test
  void aSweepForgetsTheReleasesThatAreGoneAndNoOther() {
    Track staying = tracks.of(release("11-22"));
    Track gone = tracks.of(release("33-44"));

    tracks.retain(Set.of("11-22", "55-66"));

    assertThat(tracks.of(release("11-22"))).isSameAs(staying);
    assertThat(tracks.of(release("33-44"))).isNotSameAs(gone);
  }

  private static SwarmRelease release(String uid) {
    SwarmRelease release = Given.release("");
    release.getMetadata().setUid(uid);
    return release;
  }
}
