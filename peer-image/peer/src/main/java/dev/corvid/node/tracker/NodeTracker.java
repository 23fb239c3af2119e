package dev.corvid.node.tracker;

import dev.corvid.wire.node.NodeAssignments;
import dev.corvid.wire.node.NodePoll;
import dev.corvid.wire.node.NodeReports;
import java.io.IOException;
import java.util.concurrent.CancellationException;

/** The tracker as a node's link sees it. Thread-safe. */
public interface NodeTracker {
  /** Sends a poll; its answer may be long in coming. */
  PendingPoll poll(NodePoll poll) throws IOException;

  /**
   * Sends reports, and waits until they are taken.
   *
   * @throws StaleSessionException if the tracker does not know the session
   */
  void report(NodeReports reports) throws IOException, InterruptedException;

  /**
   * Whether, since the last call, an answer showed that this node's clock is wrong, or right again.
   */
  boolean clockTurned();

  /** A poll that was sent. */
  interface PendingPoll {
    /**
     * Waits for the answer.
     *
     * @throws StaleSessionException if the tracker does not know the session
     * @throws CancellationException if it was given up
     */
    NodeAssignments await() throws IOException, InterruptedException;

    void giveUp();
  }
}
