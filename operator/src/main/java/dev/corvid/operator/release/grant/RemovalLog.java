package dev.corvid.operator.release.grant;

import dev.corvid.log.LogEvent;
import dev.corvid.log.LogFields;
import dev.corvid.log.LogKey;
import dev.corvid.log.ReleaseLog;
import dev.corvid.wire.grant.Grant;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The log line that nodes are told to remove a release: one for each grant and reason. */
public final class RemovalLog {
  private RemovalLog() {}

  /**
   * @param removals newly signed, each for some of the nodes
   * @param reason why, by node
   */
  public static void ordered(
      ReleaseLog log, LogFields subject, List<Grant> removals, Function<String, String> reason) {
    for (Grant removal : removals) {
      removal.nodes().stream()
          .collect(Collectors.groupingBy(reason, TreeMap::new, Collectors.toList()))
          .forEach(
              (why, nodes) ->
                  log.info(
                      LogEvent.RemovalOrdered,
                      subject
                          .and(LogKey.ROOT, removal.root())
                          .and(LogKey.GRANT, removal.reign() + "." + removal.epoch())
                          .and(LogKey.REASON, why)
                          .andNodes(nodes)));
    }
  }
}
