package dev.corvid.operator.release.status;

import static dev.corvid.operator.release.Given.NEW;
import static dev.corvid.operator.release.Given.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus.WaveStatus;
import dev.corvid.operator.release.Given;
import dev.corvid.operator.release.LoggedLines;
import dev.corvid.wire.grant.DeletionPolicy;
import dev.corvid.wire.grant.Grant;
import dev.corvid.wire.grant.ReleaseName;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StatusLogTest {
  private final LoggedLines lines = new LoggedLines();
  private final StatusLog log = new StatusLog();
  private final SwarmRelease release = Given.release("");

  @BeforeEach
  void listen() {
    lines.listen();
  }

  @AfterEach
  void stop() {
    lines.stop();
  }

  @Test
  void tellsTheCourseOfARelease() {
    var fetching = status(1, "False", "Progressing", null, null, null);
    var canary = status(1, "False", "Progressing", null, "bbbb", wave("canary", 1, "t1"));
    var settled = status(1, "False", "Progressing", null, "bbbb", wave("canary", 1, "t2"));
    var paused = status(1, "False", "Paused", null, "bbbb", wave("canary", 1, "t2"));
    var all = status(1, "True", "Succeeded", "bbbb", "bbbb", wave("all", 2, "t3"));
    var edited = status(2, "False", "DigestMismatch", "bbbb", null, null);

    log.changed(release, SwarmReleaseStatus.empty(), fetching);
    log.changed(release, fetching, canary);
    log.changed(release, canary, settled);
    log.changed(release, settled, paused);
    log.changed(release, paused, all);
    log.changed(release, all, all);
    log.changed(release, all, edited);

    assertThat(lines.texts())
        .containsExactly(
            "INFO ReleaseSeen",
            "INFO ReleaseProgressing reason=Progressing",
            "INFO RevisionDecided revision=bbbb",
            "INFO WaveBegan revision=bbbb wave=canary (1 of 2)",
            "INFO ReleaseHeld revision=bbbb reason=Paused",
            "INFO WaveBegan revision=bbbb wave=all (2 of 2)",
            "INFO RolledOut revision=bbbb",
            "INFO ReleaseReady revision=bbbb reason=Succeeded",
            "INFO SpecChanged",
            "WARN ReleaseFailed reason=DigestMismatch");
    assertThat(lines.all())
        .allSatisfy(
            line -> {
              assertThat(line.path("release").asText()).isEqualTo("search/model");
              assertThat(line.path("uid").asText()).isEqualTo("11-22");
            });
    assertThat(lines.all().getLast().path("message").asText()).isEqualTo("{0} why");
  }

  @Test
  void tellsWhatPeopleCallARevision() {
    SwarmRelease asking = Given.release("version: 1.0");
    SwarmReleaseStatus active =
        new Situation("", Given.selection(Given.serving("a", NEW))).named("1.0").status();

    log.changed(asking, SwarmReleaseStatus.empty(), active);

    assertThat(lines.all())
        .extracting(line -> line.path("event").asText() + " " + line.path("version").asText())
        .containsExactly(
            "ReleaseSeen 1.0", "RevisionDecided 1.0", "RolledOut 1.0", "ReleaseReady 1.0");
  }

  @Test
  void tellsWhichNodesAreToRemoveItAndWhy() {
    log.ordered(release, List.of(removal(7, "node-1", "node-2")), _ -> "NodeLeft");
    log.deletion(release, false);
    log.deletion(release, false);
    log.deletion(release, true);

    assertThat(lines.texts())
        .containsExactly(
            "INFO RemovalOrdered grant=0.7 reason=NodeLeft nodes=node-1,node-2",
            "INFO DeletionBegan reason=Delete",
            "INFO ReleaseDeleted");
  }

  private static Grant removal(long epoch, String... nodes) {
    return new Grant(
        "11-22",
        new ReleaseName("search", "model"),
        null,
        "default",
        4,
        0,
        epoch,
        Grant.Action.REMOVE,
        null,
        null,
        List.of(NEW.manifestDigest()),
        DeletionPolicy.DELETE,
        List.of(nodes));
  }

  private static WaveStatus wave(String name, int index, String time) {
    return new WaveStatus(index, name, 2, time, null);
  }

  private static SwarmReleaseStatus status(
      long generation,
      String ready,
      String reason,
      String current,
      String update,
      WaveStatus wave) {
    var conditions =
        new Conditions(List.of(), generation, NOW).add("Ready", ready, reason, "{0} why").build();
    return new SwarmReleaseStatus(
        generation,
        conditions,
        null,
        current,
        update,
        null,
        null,
        null,
        wave,
        null,
        null,
        null,
        null,
        null);
  }
}
