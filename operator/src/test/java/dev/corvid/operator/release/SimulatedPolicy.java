package dev.corvid.operator.release;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What a user may have written: always something that the API server accepts. */
record SimulatedPolicy(
    List<String> waves,
    List<String> pauses,
    String maxConcurrent,
    String maxFailed,
    boolean manual,
    boolean paused) {

  static SimulatedPolicy any(Random random) {
    List<String> waves = new ArrayList<>();
    List<String> pauses = new ArrayList<>();
    int count = random.nextInt(4);
    for (int i = 0; i < count; i++) {
      waves.add(
          random.nextInt(4) == 0
              ? "selector: {matchLabels: {tier: canary}}"
              : "upTo: %d%%".formatted(10 + 25 * i + random.nextInt(20)));
      pauses.add(
          switch (random.nextInt(4)) {
            case 0 -> ", pause: {}";
            case 1 -> ", pause: {duration: %ds}".formatted(1 + random.nextInt(60));
            default -> "";
          });
    }
    if (count > 0) {
      waves.add("upTo: 100%");
      pauses.add("");
    }
    return new SimulatedPolicy(
        waves,
        pauses,
        random.nextBoolean()
            ? "%d%%".formatted(1 + random.nextInt(100))
            : "" + (1 + random.nextInt(4)),
        random.nextBoolean() ? "0" : "%d%%".formatted(random.nextInt(60)),
        random.nextInt(8) == 0,
        random.nextInt(8) == 0);
  }

  /** Nothing waits for the user any more. */
  SimulatedPolicy resumed() {
    List<String> timed = pauses.stream().map(pause -> pause.replace(", pause: {}", "")).toList();
    return new SimulatedPolicy(waves, timed, maxConcurrent, maxFailed, false, false);
  }

  String yaml() {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < waves.size(); i++) {
      all.add("{" + waves.get(i) + pauses.get(i) + "}");
    }
    return "{waves: %s, maxConcurrent: %s, maxFailed: %s, activation: %s, paused: %s}"
        .formatted(all, maxConcurrent, maxFailed, manual ? "Manual" : "Automatic", paused);
  }
}
