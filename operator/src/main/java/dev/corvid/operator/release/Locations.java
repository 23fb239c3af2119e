package dev.corvid.operator.release;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.release.ObservedState.Location;
import dev.corvid.operator.release.grant.SharingScope;
import dev.corvid.operator.release.grant.SharingScopes;
import dev.corvid.operator.release.step.ReconcileSteps;
import dev.corvid.wire.config.Roots;

/** Where nodes place releases, and with whom a release shares there. */
final class Locations {
  private final Roots roots;
  private final SharingScopes scopes;

  Locations(Roots roots, SharingScopes scopes) {
    this.roots = roots;
    this.scopes = scopes;
  }

  /** Asks the API server for the release's namespace if that is not known yet. */
  Location of(SwarmRelease release, ReconcileSteps steps) {
    SharingScope scope =
        steps.get("get its namespace", null, () -> scopes.of(release).orElse(null));
    return new Location(scope, roots.find(release.getSpec().root()).orElse(null));
  }
}
