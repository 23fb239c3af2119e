package dev.corvid.operator.release;

import dev.corvid.api.v1alpha1.ReleaseAnnotations;
import dev.corvid.operator.release.status.Conditions;
import dev.corvid.wire.grant.Content;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Somebody who writes annotations, right and wrong ones, and in the end does what a message says
 * and nothing else.
 */
final class SimulatedUser {
  private static final Pattern ANNOTATE =
      Pattern.compile(
          "kubectl -n search annotate swr model (corvid.dev/[a-z]+)(?:=(\\S+) --overwrite"
              + " --field-manager=corvid-user|-)");
  private static final Pattern COMMIT =
      Pattern.compile("commit spec.rollout.approvedRevision: \"([0-9a-f]+)\"");

  private final Random random;
  private final List<String> names = new ArrayList<>(List.of("0123456789ab"));
  private final Map<String, String> annotations = new TreeMap<>();

  SimulatedUser(Random random, List<Content> revisions) {
    this.random = random;
    for (Content content : revisions) {
      String hex = content.manifestDigest().substring("sha256:".length());
      names.add(content.revision());
      names.add(hex);
      names.add(hex.substring(0, 12 + random.nextInt(52)));
    }
  }

  /** Revisions that exist, by names of any length, and one that does not. */
  List<String> names() {
    return names;
  }

  Map<String, String> annotations() {
    return annotations;
  }

  /** An annotation comes, changes or vanishes. */
  void annotate() {
    String name = names.get(random.nextInt(names.size()));
    switch (random.nextInt(8)) {
      case 0 -> annotations.remove(ReleaseAnnotations.APPROVE);
      case 1 -> annotations.remove(ReleaseAnnotations.HOLD);
      case 2 ->
          annotations.put(
              ReleaseAnnotations.HOLD, List.of("true", "false", "yes", "").get(random.nextInt(4)));
      case 3 -> annotations.put(ReleaseAnnotations.APPROVE, name);
      case 4 ->
          annotations.put(
              ReleaseAnnotations.APPROVE,
              List.of("", name + "/", name.substring(1) + "g", "true", "sha256:" + name, "/w0")
                  .get(random.nextInt(6)));
      default ->
          annotations.put(
              ReleaseAnnotations.APPROVE,
              name
                  + List.of("/w0", "/w1", "/w2", "/wave-1", "/wave-2", "/wave-3", "/none")
                      .get(random.nextInt(7)));
    }
  }

  /**
   * Does what Ready says is to be done.
   *
   * @return what to commit to the spec as the approved revision, if something is
   */
  Optional<String> obey(List<Condition> conditions) {
    String message =
        Conditions.find(conditions, Conditions.READY).map(Condition::getMessage).orElse("");
    Optional<MatchResult> annotate = ANNOTATE.matcher(message).results().findFirst();
    annotate.ifPresent(
        command -> {
          if (command.group(2) == null) {
            annotations.remove(command.group(1));
          } else {
            annotations.put(command.group(1), command.group(2));
          }
        });
    // Of two ways the command is one; where both are needed, this is the other.
    boolean both = message.contains(", and run: ");
    return COMMIT
        .matcher(message)
        .results()
        .map(commit -> commit.group(1))
        .filter(commit -> both || annotate.isEmpty())
        .findFirst();
  }
}
