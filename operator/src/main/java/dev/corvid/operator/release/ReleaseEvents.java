package dev.corvid.operator.release;

import dev.corvid.api.v1alpha1.SwarmRelease;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.ResourceAction;
import io.javaoperatorsdk.operator.processing.event.source.controller.ResourceEvent;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;

/** Wakes releases for what no watch of the API server tells. */
final class ReleaseEvents extends SimpleInboundEventSource<SwarmRelease> {
  ReleaseEvents() {
    super("fleet");
  }

  /**
   * Wakes a release of which nothing was reported yet, as if it had just been created. The
   * framework (JOSDK 5.3.2) forgets what comes while it handles the end of another release of that
   * name, and after that passes no other kind of event on.
   */
  void introduce(SwarmRelease release) {
    if (isRunning() && isUnreported(release)) {
      getEventHandler()
          .handleEvent(
              new ResourceEvent(ResourceAction.ADDED, ResourceID.fromResource(release), release));
    }
  }

  /** The API server's default is no generation that there is. */
  private static boolean isUnreported(SwarmRelease release) {
    var status = release.getStatus();
    return status == null || status.observedGeneration() == null || status.observedGeneration() < 1;
  }
}
