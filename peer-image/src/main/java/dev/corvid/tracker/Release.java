package dev.corvid.tracker;

import dev.corvid.wire.Endpoint;
import dev.corvid.wire.SeederReport;
import java.util.Map;

/** One release as the operator pushed it, and what its seeder says. */
final class Release {
  final String uid;
  Map<String, Assigned> assigned = Map.of();
  String seederPodUid;
  SeederReport seeder;

  Release(String uid) {
    this.uid = uid;
  }

  /** Whether some node is to hold that content. */
  boolean grants(String infoHash) {
    return assigned.values().stream().anyMatch(grant -> infoHash.equals(grant.infoHash()));
  }

  /** Where the seeder serves that content; null while it does not. */
  String seederOf(String infoHash) {
    return infoHash != null
            && seeder != null
            && seeder.state() == SeederReport.State.SEEDING
            && seeder.publication().content().infoHash().equals(infoHash)
        ? new Endpoint(seeder.address(), seeder.port()).toString()
        : null;
  }
}
