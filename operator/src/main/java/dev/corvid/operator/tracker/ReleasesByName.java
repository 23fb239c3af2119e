package dev.corvid.operator.tracker;

import dev.corvid.wire.grant.ReleaseName;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Which releases are reported under a name, and by how many reports: a name that no report has any
 * more takes no memory, whatever names a node invents. Not thread-safe.
 */
final class ReleasesByName {
  private final Map<ReleaseName, Map<String, Integer>> reports = new HashMap<>();

  void add(ReleaseName name, String releaseUid) {
    reports.computeIfAbsent(name, key -> new HashMap<>()).merge(releaseUid, 1, Integer::sum);
  }

  void remove(ReleaseName name, String releaseUid) {
    reports.computeIfPresent(
        name,
        (key, uids) -> {
          uids.computeIfPresent(releaseUid, (uid, count) -> count == 1 ? null : count - 1);
          return uids.isEmpty() ? null : uids;
        });
  }

  Set<String> of(ReleaseName name) {
    return reports.getOrDefault(name, Map.of()).keySet();
  }
}
