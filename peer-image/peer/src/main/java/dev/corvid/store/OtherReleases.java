package dev.corvid.store;

import dev.corvid.store.quota.DiskQuota;
import dev.corvid.store.state.ReleaseState;
import java.io.IOException;
import java.util.List;

/** What one release may know of the others below its root. */
interface OtherReleases {
  /**
   * What is here but for one revision of a release, in all and of its namespace: what an earlier
   * namespace of that name left is not for the present owner to answer for.
   */
  DiskQuota.Used used(ReleaseState release, String manifestDigest);

  /** Finished revisions of other releases that this one may copy from. */
  List<Revision> reusableFor(ReleaseState into) throws IOException;

  /** Whether there is a finished revision that this one may copy from, its own ones included. */
  boolean hasReusableFor(ReleaseState into);
}
