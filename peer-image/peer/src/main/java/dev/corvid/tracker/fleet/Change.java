package dev.corvid.tracker.fleet;

/** What may have changed for the operator. */
sealed interface Change {
  /** A peer came, fell silent, or spoke again. */
  record OfNode(String node) implements Change {}

  /** The seeder of a release reported. */
  record OfSeeder(String releaseUid) implements Change {}

  /** A node reported on a release. */
  record OfReport(String releaseUid, String node) implements Change {}
}
