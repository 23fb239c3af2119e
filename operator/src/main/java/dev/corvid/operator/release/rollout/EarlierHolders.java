package dev.corvid.operator.release.rollout;

import dev.corvid.operator.fleet.NodeSelection;
import java.util.HashSet;
import java.util.Set;

/**
 * How many of the nodes that held a revision before this process started are still to report. Each
 * node that is seen to hold one is taken for one of them, for good: if it removes the revision, or
 * its Node is deleted, no silent node is taken for it. Confined to the release's reconciliation.
 */
public final class EarlierHolders {
  private final Set<String> met = new HashSet<>();
  private int awaited;
  private boolean known;

  /**
   * @param recorded how many the status says; read at the first look only, since this process
   *     watches from then on
   * @param selection of every node of the cluster
   */
  public NodeSelection awaitedIn(NodeSelection selection, int recorded) {
    awaited = known ? awaited : recorded;
    known = true;
    if (awaited > 0) {
      awaited -= (int) selection.holders().filter(met::add).count();
      awaited = selection.awaiting(awaited).silent().awaited();
    }
    if (awaited == 0) {
      met.clear();
    }
    return selection.awaiting(awaited);
  }
}
