package dev.corvid.seeder;

import com.sun.net.httpserver.HttpServer;
import dev.corvid.wire.Wire;
import dev.corvid.wire.node.Neighbours;
import dev.corvid.wire.seeder.SeederLimits;
import dev.corvid.wire.seeder.SeederReport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/** Hears a seeder's reports, as the tracker does. */
final class TrackerStub implements AutoCloseable {
  private final HttpServer server;
  private final List<SeederReport> reports = new CopyOnWriteArrayList<>();
  private final List<String> authorizations = new CopyOnWriteArrayList<>();
  private final List<String> nodes = new CopyOnWriteArrayList<>();
  private volatile SeederLimits limits = SeederLimits.NONE;
  private volatile int refusals;
  private volatile int refusal;

  TrackerStub() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/v1/seeders/uid-1/report",
        exchange -> {
          try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            authorizations.add(exchange.getRequestHeaders().getFirst("Authorization"));
            exchange.getResponseHeaders().set(Wire.INSTANCE_HEADER, "instance-1");
            if (refusals > 0) {
              refusals--;
              exchange.sendResponseHeaders(refusal, -1);
              return;
            }
            if (limits.equals(SeederLimits.NONE)) {
              exchange.sendResponseHeaders(204, -1);
            } else {
              byte[] answer = Wire.encode(limits);
              exchange.sendResponseHeaders(200, answer.length);
              exchange.getResponseBody().write(answer);
            }
            reports.add(Wire.decode(body, SeederReport.class));
          }
        });
    server.createContext(
        "/v1/neighbours/",
        exchange -> {
          try (exchange) {
            byte[] body = Wire.encode(new Neighbours(List.copyOf(nodes), null));
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
          }
        });
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** The next reports are answered with this status. */
  void refuse(int count, int status) {
    refusal = status;
    refusals = count;
  }

  /** What it answers reports with from now on. */
  void limit(SeederLimits answered) {
    limits = answered;
  }

  /** The nodes that it names from now on. */
  List<String> nodes() {
    return nodes;
  }

  List<SeederReport> reports() {
    return reports;
  }

  List<String> authorizations() {
    return authorizations;
  }

  SeederReport last() {
    return reports.isEmpty() ? null : reports.getLast();
  }

  boolean heard(SeederReport.State state) {
    return last() != null && last().state() == state;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
