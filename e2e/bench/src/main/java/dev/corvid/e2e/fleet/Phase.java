package dev.corvid.e2e.fleet;

import dev.corvid.e2e.Table;
import java.time.Duration;
import java.util.List;

/**
 * What a stretch of the fleet's life took and cost.
 *
 * @param writes of the operator to the API server, leases apart
 * @param operatorSeconds of processor time, as with the tracker
 * @param operatorMib the most memory of its own that was seen until the end (RssAnon)
 * @param peerBytes between peers and tracker, headers included
 * @param operatorBytes between operator and tracker, bodies alone
 */
record Phase(
    String name,
    Duration took,
    Deliveries.Delay grants,
    int writes,
    double operatorSeconds,
    double trackerSeconds,
    double operatorMib,
    double trackerMib,
    long peerBytes,
    long operatorBytes) {

  static List<String> table(List<Phase> phases) {
    var table =
        new Table(
            "phase",
            "s",
            "grants",
            "half ms",
            "last ms",
            "API writes",
            "operator CPU s",
            "tracker CPU s",
            "operator MiB",
            "tracker MiB",
            "peers<>tracker MB",
            "operator<>tracker MB");
    for (var phase : phases) {
      table.row(
          phase.name,
          phase.took.toMillis() / 1000.0,
          phase.grants.grants(),
          phase.grants.half(),
          phase.grants.last(),
          phase.writes,
          phase.operatorSeconds,
          phase.trackerSeconds,
          phase.operatorMib,
          phase.trackerMib,
          phase.peerBytes / 1e6,
          phase.operatorBytes / 1e6);
    }
    return table.lines();
  }
}
