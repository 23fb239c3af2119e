package dev.corvid.e2e.scenario.hostile;

import dev.corvid.e2e.Command;
import dev.corvid.e2e.cluster.Kubectl;
import dev.corvid.e2e.scenario.Lab;
import dev.corvid.e2e.scenario.PodProcess;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;

/** Requests that leave from inside a pod, as whoever can run a program there sends them. */
record PodNetwork(long process) {
  static PodNetwork in(Pod pod) {
    return new PodNetwork(PodProcess.of(pod).handle().pid());
  }

  /** By address: a pod's own resolver is not at hand. */
  static String tracker(Lab lab) {
    var service = lab.client().services().inNamespace(Lab.SYSTEM).withName("corvid-tracker").get();
    return "http://" + service.getSpec().getClusterIP() + ":7070";
  }

  /** A token of the pod, from the API: who asks needs the right to, and no shell in the pod. */
  static String token(Kubectl kubectl, Pod pod) {
    var metadata = pod.getMetadata();
    return kubectl
        .run(
            "-n",
            metadata.getNamespace(),
            "create",
            "token",
            pod.getSpec().getServiceAccountName(),
            "--audience=corvid",
            "--bound-object-kind=Pod",
            "--bound-object-name=" + metadata.getName(),
            "--bound-object-uid=" + metadata.getUid())
        .strip();
  }

  /** The answer, a line end, and its status. */
  String post(String url, String token, String body) {
    return Command.of("nsenter", "--net=/proc/" + process + "/ns/net")
        .and("curl", "-s", "--max-time", "20", "-w", "\n%{http_code}", "-X", "POST")
        .and("-H", "Authorization: Bearer " + token, "--data-binary", "@-", url)
        .within(Duration.ofSeconds(60))
        .outcome(body)
        .out();
  }
}
