package dev.corvid.operator.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.ResourceAction;
import io.javaoperatorsdk.operator.processing.event.source.controller.ResourceEvent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReleaseEventsTest {
  private final List<Event> told = new ArrayList<>();
  private final ReleaseEvents events = new ReleaseEvents();

  @BeforeEach
  void start() {
    events.setEventHandler(told::add);
    events.start();
  }

  /** Any other event of a release that the framework does not know is dropped by it. */
  @Test
  void introducesAReleaseThatNothingWasReportedOfAsACreatedOne() {
    SwarmRelease release = release(-1);

    events.introduce(release);

    var id = new ResourceID("model", "search");
    assertThat(told).containsExactly(new ResourceEvent(ResourceAction.ADDED, id, release));
  }

  @Test
  void leavesAReleaseAloneThatWasReportedOn() {
    events.introduce(release(1));

    assertThat(told).isEmpty();
  }

  private static SwarmRelease release(long observedGeneration) {
    var release = new SwarmRelease();
    release.setMetadata(new ObjectMetaBuilder().withNamespace("search").withName("model").build());
    release.setStatus(
        new SwarmReleaseStatus(
            observedGeneration,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null));
    return release;
  }
}
