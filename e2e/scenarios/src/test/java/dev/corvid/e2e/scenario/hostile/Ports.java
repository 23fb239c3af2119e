package dev.corvid.e2e.scenario.hostile;

import dev.corvid.e2e.attack.PortProbe;
import dev.corvid.e2e.scenario.Lab;
import dev.corvid.e2e.scenario.Peers;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The ports of Corvid's own pods, as HOST:PORT. */
public record Ports(Lab lab) {
  public static final String TRACKER = "corvid-tracker." + Lab.SYSTEM + ".svc.cluster.local:7070";

  public static Ports of(Lab lab) {
    return new Ports(lab);
  }

  /** What content and grants travel over, the tracker's Service included. */
  public List<String> data() {
    var ports = new ArrayList<>(of("peer", 6881));
    ports.addAll(of("tracker", 7070));
    ports.add(TRACKER);
    return ports;
  }

  /** Metrics and health. */
  public List<String> telemetry() {
    return Stream.of(of("peer", 9090), of("tracker", 9090), of("operator", 8080))
        .flatMap(List::stream)
        .toList();
  }

  public List<String> all() {
    return Stream.concat(data().stream(), telemetry().stream()).toList();
  }

  public List<String> of(String component, int port) {
    return Peers.of(lab).pods(component).stream()
        .map(pod -> pod.getStatus().getPodIP() + ":" + port)
        .toList();
  }

  /**
   * Tries each until it is as wanted or the time is over.
   *
   * @return those that are open
   */
  public static List<String> openOf(
      Attacker from, boolean open, int seconds, List<String> ports, String... label) {
    var arguments = new ArrayList<>(List.of(open ? "open" : "closed", Integer.toString(seconds)));
    arguments.addAll(ports);
    var labels =
        label.length == 0
            ? java.util.Map.<String, String>of()
            : java.util.Map.of(
                "app.kubernetes.io/name", "corvid", "app.kubernetes.io/component", label[0]);
    return from.run(labels, PortProbe.class, arguments.toArray(String[]::new))
        .lines()
        .filter(line -> line.endsWith(" open"))
        .map(line -> line.substring(0, line.lastIndexOf(' ')))
        .toList();
  }
}
