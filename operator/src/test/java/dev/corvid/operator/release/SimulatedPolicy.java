package dev.corvid.operator.release;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * What a user may have written: always something that the API server accepts.
 *
 * @param approved of which revision; null for none
 */
record SimulatedPolicy(
    List<String> waves,
    List<String> pauses,
    String maxConcurrent,
    String maxFailed,
    boolean required,
    String approved) {

  /**
   * @param revisions names that may be approved
   */
  static SimulatedPolicy any(Random random, List<String> revisions) {
    List<String> waves = new ArrayList<>();
    List<String> pauses = new ArrayList<>();
    int count = random.nextInt(4);
    for (int i = 0; i < count; i++) {
      String name = random.nextBoolean() ? "" : "name: w%d, ".formatted(i);
      waves.add(
          name
              + (random.nextInt(4) == 0
                  ? "selector: {matchLabels: {tier: canary}}"
                  : "upTo: %d%%".formatted(10 + 25 * i + random.nextInt(20))));
      pauses.add(
          switch (random.nextInt(4)) {
            case 0 -> ", pause: {untilApproved: true}";
            case 1 -> ", pause: {duration: %ds}".formatted(1 + random.nextInt(60));
            default -> "";
          });
    }
    if (count > 0) {
      waves.add("upTo: 100%");
      pauses.add("");
    }
    boolean required = random.nextInt(3) == 0;
    return new SimulatedPolicy(
        waves,
        pauses,
        random.nextBoolean()
            ? "%d%%".formatted(1 + random.nextInt(100))
            : "" + (1 + random.nextInt(4)),
        random.nextBoolean() ? "0" : "%d%%".formatted(random.nextInt(60)),
        required,
        required && random.nextBoolean() ? revisions.get(random.nextInt(revisions.size())) : null);
  }

  /** With another approval in the spec. */
  SimulatedPolicy approving(String revision) {
    return new SimulatedPolicy(waves, pauses, maxConcurrent, maxFailed, true, revision);
  }

  /** Nothing waits for the user any more. */
  SimulatedPolicy resumed() {
    List<String> timed =
        pauses.stream().map(pause -> pause.replace(", pause: {untilApproved: true}", "")).toList();
    return new SimulatedPolicy(waves, timed, maxConcurrent, maxFailed, false, null);
  }

  String yaml() {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < waves.size(); i++) {
      all.add("{" + waves.get(i) + pauses.get(i) + "}");
    }
    return "{waves: %s, maxConcurrent: %s, maxFailed: %s, approval: %s%s}"
        .formatted(
            all,
            maxConcurrent,
            maxFailed,
            required ? "Required" : "Automatic",
            approved == null ? "" : ", approvedRevision: \"%s\"".formatted(approved));
  }
}
