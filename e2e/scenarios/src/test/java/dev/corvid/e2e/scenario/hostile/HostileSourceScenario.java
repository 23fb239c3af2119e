package dev.corvid.e2e.scenario.hostile;

import dev.corvid.e2e.content.RawTar;
import dev.corvid.e2e.scenario.Scenario;
import dev.corvid.e2e.scenario.Tenant;
import dev.corvid.e2e.source.Answer;
import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** A source that is an attacker's: {@code make hostile}. */
@Scenario
@EnabledIfSystemProperty(named = "hostile", matches = "true")
class HostileSourceScenario {
  private final Victims victims;
  private final Tenant fetching;
  private final AttackReport report = new AttackReport("source");

  HostileSourceScenario(Tenant tenant) {
    this.victims = new Victims(tenant);
    this.fetching = Tenant.in(tenant.lab(), "fetching");
  }

  @AfterAll
  void leave() throws IOException {
    report.record();
    fetching.leave();
  }

  @Test
  void redirectsToMetadataServicesAreNotFollowed() throws Exception {
    var targets = new LinkedHashMap<String, String>();
    targets.put("aws", "169.254.169.254");
    targets.put("ecs", "169.254.170.2");
    targets.put("aws-v6", "[fd00:ec2::254]");
    targets.put("alibaba", "100.100.100.200");
    targets.put("azure", "168.63.129.16");
    targets.put("oracle", "192.0.0.192");
    targets.put("mapped", "[::ffff:169.254.169.254]");
    var reasons = new LinkedHashMap<String, String>();
    targets.forEach((name, host) -> reasons.put(name, "SourceUnreachable"));
    var outcome =
        victims.during(
            () -> {
              targets.forEach(
                  (name, host) ->
                      apply(name, new Answer.Redirect(URI.create("http://" + host + "/latest/"))));
              return () -> awaitAll(reasons);
            });

    report.add("redirects to " + targets.size() + " metadata addresses", outcome);
  }

  @Test
  void endlessBodiesAndBombsEndAtTheScratchLimit() throws Exception {
    var bomb = RawTar.bomb(fetching.lab().archives().resolve("hostile-bomb.tar.gz"));
    var outcome =
        victims.during(
            () -> {
              apply("endless", new Answer.Endless());
              apply("bomb", new Answer.Content(bomb));
              return () ->
                  awaitAll(Map.of("endless", "InsufficientDisk", "bomb", "InsufficientDisk"));
            });

    report.add("an endless body, a decompression bomb", outcome);
  }

  private void apply(String name, Answer answer) {
    var file = name.equals("bomb") ? "bomb.tar.gz" : name + ".bin";
    fetching.apply(
        name,
        """
        source: {http: {url: "%s"}}
        nodes: {selector: {}}
        seeder: {scratch: {sizeLimit: 96Mi}}
        """
            .formatted(fetching.serve(file, answer)));
  }

  private String awaitAll(Map<String, String> reasons) {
    var said = new LinkedHashMap<String, String>();
    reasons.forEach(
        (name, reason) ->
            said.put(
                name,
                fetching.awaitReason(name, reason, "", Tenant.SOON.multipliedBy(2)).getReason()));
    return String.join(", ", List.copyOf(new java.util.TreeSet<>(said.values())));
  }
}
