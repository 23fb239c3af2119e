package dev.corvid.store.state;

import dev.corvid.store.disk.DiskError;
import dev.corvid.store.error.StoreException;
import dev.corvid.wire.Reason;
import dev.corvid.wire.grant.Grant;
import dev.corvid.wire.grant.SignedGrant;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The persisted state of one release; in memory only what is already on the disk. */
public final class ReleaseStateStore {
  private final StateStore states;
  private volatile ReleaseState state;

  public ReleaseStateStore(StateStore states, ReleaseState state) {
    this.states = states;
    this.state = state;
  }

  public ReleaseState state() {
    return state;
  }

  /**
   * @throws StoreException {@code InvalidSpec} if the grant is not to be obeyed
   */
  public void refuseOlder(Grant grant) throws StoreException {
    var stranger = state.releaseUid() != null && !state.releaseUid().equals(grant.releaseUid());
    var evicts = state.isOfAnotherNamespace(grant);
    var removes = grant.action() == Grant.Action.REMOVE && !evicts;
    if (grant.rank().isBelow(state.rank())
        || (stranger && (grant.rank().equals(state.rank()) || removes))) {
      throw new StoreException(
          Reason.InvalidSpec,
          "the grant of %s for %s, uid %s, is not newer than that of %s for uid %s"
              .formatted(
                  grant.rank(),
                  state.release(),
                  grant.releaseUid(),
                  state.rank(),
                  state.releaseUid()));
    }
  }

  /** See {@link dev.corvid.store.Release#obey}. */
  public void obey(SignedGrant signed, Grant grant) throws StoreException {
    var obeying = state.obeying(signed, grant);
    if (!obeying.equals(state)) {
      write(obeying);
    }
  }

  public void put(StoredRevision stored) throws StoreException {
    write(state.with(stored));
  }

  /** See {@link ReleaseState#switching}. */
  public void switching(@Nullable StoredRevision active, long now) throws StoreException {
    var switching = state.switching(active, now);
    if (!switching.equals(state)) {
      write(switching);
    }
  }

  /** See {@link ReleaseState#notAfter}. */
  public void notAfter(long now) throws StoreException {
    if (!state.notAfter(now).equals(state)) {
      write(state.notAfter(now));
    }
  }

  public void unchecked() throws StoreException {
    if (!state.unchecked().equals(state)) {
      write(state.unchecked());
    }
  }

  public void remove(StoredRevision stored) throws StoreException {
    write(state.without(stored));
  }

  public void removed(List<StoredRevision> retained) throws StoreException {
    write(state.afterRemoval(retained));
  }

  private void write(ReleaseState changed) throws StoreException {
    try {
      states.write(changed);
      state = changed;
    } catch (IOException e) {
      throw DiskError.of("cannot write the record of " + changed.release(), e);
    }
  }
}
