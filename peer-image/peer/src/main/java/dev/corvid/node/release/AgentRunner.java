package dev.corvid.node.release;

/** Runs the agents of a node: a thread for each, but in a test that owns the time. */
@FunctionalInterface
public interface AgentRunner {
  AgentRunner THREADS = (name, agent) -> Thread.ofVirtual().name(name).start(agent)::join;

  /**
   * Begins to run an agent.
   *
   * @return waits until it has ended
   */
  Ended start(String name, ReleaseAgent agent);

  /** The end of an agent that received {@link dev.corvid.node.torrent.Event.Closing}. */
  @FunctionalInterface
  interface Ended {
    void await() throws InterruptedException;
  }
}
