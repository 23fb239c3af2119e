package dev.corvid.seeder.scratch;

import dev.corvid.seeder.error.SourceException;
import dev.corvid.store.error.StoreException;
import dev.corvid.store.manifest.ContentPath;
import dev.corvid.wire.Reason;
import dev.corvid.wire.seeder.SeederTask;

/** What becomes of symbolic links that are absolute, or may lead out of the content. */
public enum UnsafeLinkPolicy {
  REFUSE,
  LEAVE_OUT;

  public static UnsafeLinkPolicy of(SeederTask.Unpack unpack) {
    return unpack.leavesOutUnsafeLinks() ? LEAVE_OUT : REFUSE;
  }

  /**
   * @return whether it is to be left out
   * @throws SourceException unless the link can be kept, or left out
   */
  boolean leavesOut(String path, String text) throws SourceException {
    boolean leadsOut = false;
    try {
      leadsOut = ContentPath.leadsOut(path, text);
      if (!leadsOut || this == REFUSE) {
        ContentPath.linkTarget(path, text);
      }
      return leadsOut;
    } catch (StoreException e) {
      throw new SourceException(
          Reason.InvalidContent,
          e.getMessage()
              + (leadsOut
                  ? "; leave all such links out by spec.source.unpack.unsafeLinks: LeaveOut"
                  : "")
              + ScratchTree.ADVICE,
          e);
    }
  }
}
