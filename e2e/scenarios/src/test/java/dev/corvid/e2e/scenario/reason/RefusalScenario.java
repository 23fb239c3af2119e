package dev.corvid.e2e.scenario.reason;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.e2e.scenario.Scenario;
import dev.corvid.e2e.scenario.Tenant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the API server itself refuses, with words that say what to write instead. */
@Scenario
class RefusalScenario {
  private static final String SOURCE = "source: {http: {url: \"https://a.example/a.tar\"}}";
  private static final String NODES = "nodes: {selector: {}}";

  private final Tenant tenant;

  RefusalScenario(Tenant tenant) {
    this.tenant = tenant;
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          no source            | {NODES}                                                | spec.source: Required value
          an empty source      | {source: {}, NODES}                                    | exactly one kind of source must be set: write source.http.url
          another source       | {source: {oci: {image: a}}, NODES}                     | unknown field "spec.source.oci"
          no URL               | {source: {http: {}}, NODES}                            | spec.source.http.url: Required value
          a mirror without one | {source: {http: {url: "http://a/a", mirrors: ["b/a"]}}, NODES} | every mirror must be http:// or https://
          another scheme       | {source: {http: {url: "ftp://a/a"}}, NODES}         | url must be http:// or https://
          a URL without a host | {source: {http: {url: "http:///a"}}, NODES}         | url must be http:// or https://
          a password in a URL  | {source: {http: {url: "http://me:pw@a/a"}}, NODES}  | credentials belong in the Secret
          a short digest       | {source: {http: {url: "http://a/a", digest: "sha256:abc"}}, NODES} | followed by 64 lower-case hex digits
          another digest       | {source: {http: {url: "http://a/a", digest: "md5:d41d8cd98f00b204e9800998ecf8427e"}}, NODES} | digest must be sha256:
          a short manifest     | {source: {http: {url: "http://a/a"}, manifestDigest: 9c41e7a0d2f1}, NODES} | as status.source.manifestDigest has it
          no label's value     | {SOURCE, NODES, version: v1+build}                     | version must be fit for a label
          another archive      | {source: {http: {url: "http://a/a"}, unpack: {format: Rar}}, NODES} | supported values: "Auto", "None", "Tar", "TarBz2", "TarGz", "TarXz", "TarZst", "Zip"
          links that stay      | {source: {http: {url: "http://a/a"}, unpack: {unsafeLinks: Keep}}, NODES} | supported values: "LeaveOut", "Refuse"
          an open bracket      | {source: {http: {url: "http://a/a"}, files: {exclude: ["a[b"]}}, NODES} | a pattern of exclude can match nothing
          nothing to include   | {source: {http: {url: "http://a/a"}, files: {include: [""]}}, NODES} | a pattern of include can match nothing
          parts of one file    | {source: {http: {url: "http://a/a"}, unpack: {format: None, stripComponents: 1}}, NODES} | with format: None there is one file
          a Secret elsewhere   | {source: {http: {url: "http://a/a"}, secretRef: {name: b/c}}, NODES} | without a namespace, because it is always the release's
          negative components  | {source: {http: {url: "http://a/a"}, unpack: {stripComponents: -1}}, NODES} | greater than or equal to 0
          no nodes             | {SOURCE}                                               | spec.nodes: Required value
          no selector          | {SOURCE, nodes: {minimum: 1}}                          | spec.nodes.selector: Required value
          another operator     | {SOURCE, nodes: {selector: {matchExpressions: [{key: a, operator: Is}]}}} | supported values: "In", "NotIn", "Exists", "DoesNotExist"
          a negative minimum   | {SOURCE, nodes: {selector: {}, minimum: -1}}           | greater than or equal to 0
          a path as root       | {SOURCE, NODES, root: ../etc}                          | spec.root
          too much history     | {SOURCE, NODES, revisionHistoryLimit: 21}              | less than or equal to 20
          another policy       | {SOURCE, NODES, deletionPolicy: Maybe}                 | supported values: "Delete", "Retain"
          a vague deadline     | {SOURCE, NODES, rollout: {progressDeadline: soon}}     | spec.rollout.progressDeadline
          nobody may switch    | {SOURCE, NODES, rollout: {maxConcurrent: 0}}           | maxConcurrent must be a number of nodes, at least 1
          no percent           | {SOURCE, NODES, rollout: {maxConcurrent: "0%"}}        | or a percentage such as 10%
          too many percent     | {SOURCE, NODES, rollout: {maxConcurrent: "101%"}}      | or a percentage such as 10%
          waves that leave out | {SOURCE, NODES, rollout: {waves: [{name: a, upTo: 50%}]}} | the last wave must be upTo: 100%
          a number at the end  | {SOURCE, NODES, rollout: {waves: [{upTo: 100}]}}       | the last wave must be upTo: 100%
          labels at the end    | {SOURCE, NODES, rollout: {waves: [{upTo: 1}, {selector: {}}]}} | the last wave must be upTo: 100%
          waves that shrink    | {SOURCE, NODES, rollout: {waves: [{upTo: 50%}, {upTo: 10%}, {upTo: 100%}]}} | no upTo may be less than that of the wave before
          a pause at the end   | {SOURCE, NODES, rollout: {waves: [{upTo: 100%, pause: {untilApproved: true}}]}} | the last wave cannot have a pause
          neither              | {SOURCE, NODES, rollout: {waves: [{name: a}, {upTo: 100%}]}} | a wave needs exactly one of upTo
          both                 | {SOURCE, NODES, rollout: {waves: [{upTo: 1, selector: {}}, {upTo: 100%}]}} | a wave needs exactly one of upTo
          no node in a wave    | {SOURCE, NODES, rollout: {waves: [{upTo: 0}, {upTo: 100%}]}} | upTo must be a number of nodes, at least 1, or a percentage from 1% to 100%
          no percent in a wave | {SOURCE, NODES, rollout: {waves: [{upTo: 0%}, {upTo: 100%}]}} | upTo must be a number of nodes, at least 1, or a percentage from 1% to 100%
          one name twice       | {SOURCE, NODES, rollout: {waves: [{name: a, upTo: 1}, {name: a, upTo: 100%}]}} | two waves have the same name
          a vague pause        | {SOURCE, NODES, rollout: {waves: [{upTo: 1, pause: {duration: soon}}, {upTo: 100%}]}} | spec.rollout.waves[0].pause.duration
          too many waves       | {SOURCE, NODES, rollout: {waves: [{upTo: 1}, {upTo: 2}, {upTo: 3}, {upTo: 4}, {upTo: 5}, {upTo: 6}, {upTo: 7}, {upTo: 8}, {upTo: 100%}]}} | must have at most 8 items
          negative failures    | {SOURCE, NODES, rollout: {maxFailed: -1}}              | maxFailed must be a number of nodes, 0 or more
          a pause without end  | {SOURCE, NODES, rollout: {waves: [{upTo: 1, pause: {}}, {upTo: 100%}]}} | a pause needs exactly one of duration, such as 10m, and untilApproved: true
          another approval     | {SOURCE, NODES, rollout: {approval: Never}}            | supported values: "Automatic", "Required"
          no use of a revision | {SOURCE, NODES, rollout: {approvedRevision: "012345678901"}} | approvedRevision is only read with approval: Required
          a short revision     | {SOURCE, NODES, rollout: {approval: Required, approvedRevision: "0123"}} | approvedRevision must be 12 to 64 lower-case hex digits
          what was paused      | {SOURCE, NODES, rollout: {paused: true}}               | unknown field "spec.rollout.paused"
          another Ready        | {SOURCE, NODES, rollout: {readyWhen: Perhaps}}         | supported values: "Activated", "Distributed"
          too slow             | {SOURCE, NODES, bandwidth: {nodeUpload: 1Ki}}          | a bandwidth is from 64Ki to 1Ti bytes per second, such as 100Mi
          a vague size         | {SOURCE, NODES, seeder: {scratch: {sizeLimit: lots}}}  | spec.seeder.scratch.sizeLimit
          a negative size      | {SOURCE, NODES, seeder: {scratch: {sizeLimit: -1}}}    | greater than or equal to 1
          no bytes             | {SOURCE, NODES, seeder: {scratch: {sizeLimit: 0Gi}}}   | spec.seeder.scratch.sizeLimit
          a negative limit     | {SOURCE, NODES, seeder: {resources: {limits: {cpu: -1m}}}} | spec.seeder.resources.limits.cpu
          a misspelt field     | {SOURCE, NODES, revisonHistoryLimit: 3}                | unknown field "spec.revisonHistoryLimit"
          """)
  void sayWhatToWriteInstead(String what, String spec, String message) {
    assertThat(refusal("refused", spec)).as(what).contains(message);
  }

  @ParameterizedTest
  @CsvSource({"with.dot", "a-name-that-is-longer-than-the-fifty-two-characters-it-may"})
  void saysWhichNamesAReleaseMayHave(String name) {
    assertThat(refusal(name, "{SOURCE, NODES}")).contains("at most 52 characters and no dots");
  }

  @Test
  void aReleaseStaysInItsRoot() {
    tenant.apply("rooted", complete("{SOURCE, NODES, suspend: true}"));

    assertThat(refusal("rooted", "{SOURCE, NODES, suspend: true, root: narrow}"))
        .contains("root is immutable: delete the release and create it with the other root");
  }

  private String refusal(String name, String spec) {
    return tenant.lab().kubectl().refusalOf(tenant.manifest(name, complete(spec)));
  }

  private static String complete(String spec) {
    return spec.replace("SOURCE", SOURCE).replace("NODES", NODES);
  }
}
