package dev.corvid.e2e.bench.swarm;

import java.time.Duration;

/** Somebody who brings the content from the first nodes of a network to the others. */
public interface Contestant {
  /** As a line of the table is headed. */
  String name();

  /**
   * Everything that was started has ended when this returns, and every byte was compared.
   *
   * @param limit from time zero
   */
  Outcome play(SwarmPlan plan, Content content, Setting setting, int repeat, Duration limit)
      throws Exception;
}
