package dev.corvid.e2e.bench.swarm;

import dev.corvid.e2e.Command;
import dev.corvid.e2e.bench.network.Network;
import dev.corvid.e2e.bench.program.Nginx;
import dev.corvid.e2e.bench.program.Tools;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What one bulk TCP flow between the first two nodes carries: nginx to curl.
 *
 * @param bytesPerSecond of payload
 * @param wirePerByte bytes on the wire for each byte of payload
 */
public record Goodput(double bytesPerSecond, double wirePerByte) {

  public static Goodput measure(Network network, Tools tools, Content content, Path work) {
    var from = network.nodes().get(0);
    var to = network.nodes().get(1);
    try (var nginx =
        Nginx.serve(
            tools, from, from.address(), content.path().getParent(), work.resolve("nginx"))) {
      var counters = WireCounters.seenBy(nginx.process());
      var device = counters.has("eth0") ? "eth0" : "lo";
      long before = counters.sent(device);
      var curl =
          java.util.List.of(
              "curl",
              "-s",
              "-o",
              "/dev/null",
              "-w",
              "%{speed_download}",
              nginx.url(content.name()));
      var speed =
          Command.of(to.running(curl).toArray(String[]::new)).within(Duration.ofMinutes(5)).run();
      long wire = counters.sent(device) - before;
      return new Goodput(Double.parseDouble(speed), (double) wire / content.bytes());
    }
  }
}
