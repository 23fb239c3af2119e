package dev.corvid.tracker;

import dev.corvid.trust.Caller;
import dev.corvid.wire.Deflate;
import dev.corvid.wire.Endpoint;
import dev.corvid.wire.Wire;
import dev.corvid.wire.node.Neighbours;
import dev.corvid.wire.node.NodePoll;
import dev.corvid.wire.node.NodeReports;
import dev.corvid.wire.operator.Fleet;
import dev.corvid.wire.operator.FleetPoll;
import dev.corvid.wire.operator.Push;
import dev.corvid.wire.operator.Pushed;
import dev.corvid.wire.seeder.SeederLimits;
import dev.corvid.wire.seeder.SeederReport;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The tracker's HTTP interface, one handler a message. Who calls is checked before a byte of the
 * body is read; the records of {@link dev.corvid.wire} say what is answered.
 */
final class TrackerApi implements HttpService {
  static final int MAX_PUSH = Push.MAX_BYTES;
  static final int MAX_REPORTS = 8 << 20;
  static final int MAX_SMALL = 64 << 10;

  private static final Logger log = Logger.getLogger(TrackerApi.class.getName());

  private final LongPollHub hub;
  private final Authorizer authorizer;
  private final TrackerMetrics metrics;
  private final LargeBodies bodies;

  TrackerApi(LongPollHub hub, Authorizer authorizer, TrackerMetrics metrics, LargeBodies bodies) {
    this.hub = hub;
    this.authorizer = authorizer;
    this.metrics = metrics;
    this.bodies = bodies;
  }

  @Override
  public void routing(HttpRules rules) {
    rules
        .post("/v1/push", answering("push", this::push))
        .post("/v1/fleet", answering("fleet", this::fleet))
        .post("/v1/nodes/{node}/poll", answering("poll", this::poll))
        .post("/v1/nodes/{node}/reports", answering("reports", this::reports))
        .post("/v1/seeders/{uid}/report", answering("seeder", this::seeder))
        .get("/v1/neighbours/{swarm}", answering("neighbours", this::neighbours));
  }

  /** Answers a record with 200, null with 204. */
  private interface Action {
    @Nullable Object answer(ServerRequest request) throws RequestRejected, InterruptedException;
  }

  private Pushed push(ServerRequest request) throws RequestRejected, InterruptedException {
    authorizer.requireOperator(authorization(request));
    long pushes = hub.push(RequestBody.read(request, Push.class, MAX_PUSH));
    return new Pushed(hub.instance(), pushes, true);
  }

  private Fleet fleet(ServerRequest request) throws RequestRejected, InterruptedException {
    authorizer.requireOperator(authorization(request));
    return hub.fleet(RequestBody.read(request, FleetPoll.class, MAX_SMALL));
  }

  private Object poll(ServerRequest request) throws RequestRejected, InterruptedException {
    String node = parameter(request, "node");
    authorizer.requirePeer(authorization(request), node);
    var poll = bodies.read(request, node, NodePoll.class, MAX_REPORTS);
    return hub.poll(node, remote(request), poll);
  }

  private @Nullable Object reports(ServerRequest request)
      throws RequestRejected, InterruptedException {
    String node = parameter(request, "node");
    authorizer.requirePeer(authorization(request), node);
    hub.report(node, bodies.read(request, node, NodeReports.class, MAX_REPORTS));
    return null;
  }

  private @Nullable SeederLimits seeder(ServerRequest request)
      throws RequestRejected, InterruptedException {
    Caller caller = authorizer.caller(authorization(request));
    String uid = parameter(request, "uid");
    hub.requireSeeder(uid, caller);
    return hub.report(
        uid, caller, remote(request), RequestBody.read(request, SeederReport.class, MAX_SMALL));
  }

  private Neighbours neighbours(ServerRequest request) throws RequestRejected {
    Caller caller = authorizer.caller(authorization(request));
    String swarm = parameter(request, "swarm");
    return authorizer.isPeer(caller)
        ? hub.neighboursForPeer(swarm, authorizer.node(caller))
        : hub.neighboursForSeeder(swarm, caller);
  }

  private io.helidon.webserver.http.Handler answering(String message, Action action) {
    return (request, response) -> {
      response.header(Wire.INSTANCE_HEADER, hub.instance());
      metrics.received(message, request.headers().contentLength().orElse(0));
      try {
        Object answer = action.answer(request);
        if (answer == null) {
          response.status(204).send();
        } else {
          metrics.sent(message, send(request, response, answer));
        }
      } catch (RequestRejected e) {
        metrics.refused(e.kind());
        log.log(Level.FINE, e, () -> "refused a " + message + ": " + e.getMessage());
        refuse(message, request, response, e);
      }
    };
  }

  private void refuse(
      String message, ServerRequest request, ServerResponse response, RequestRejected refused) {
    // What was not read of the body is not read any more: the connection ends with the answer.
    response.status(refused.kind().status()).header(HeaderValues.CONNECTION_CLOSE);
    send(
        request,
        response,
        message.equals("push") && refused.kind() == RejectionKind.TURN
            ? new Pushed(hub.instance(), hub.pushes(), false)
            : Map.of("message", refused.getMessage(), "kind", refused.kind().name()));
  }

  /** The bytes of the answer. */
  private static int send(ServerRequest request, ServerResponse response, Object answer) {
    byte[] body = Wire.encode(answer);
    String accepted = request.headers().first(HeaderNames.ACCEPT_ENCODING).orElse(null);
    if (body.length >= Deflate.WORTHWHILE && Deflate.isAccepted(accepted)) {
      body = Deflate.compress(body);
      response.header(HeaderNames.CONTENT_ENCODING, Deflate.NAME);
    }
    response.header(HeaderNames.CONTENT_TYPE, "application/json").send(body);
    return body.length;
  }

  private static @Nullable String authorization(ServerRequest request) {
    return request.headers().first(HeaderNames.AUTHORIZATION).orElse(null);
  }

  /** The address that the connection comes from. */
  private static String remote(ServerRequest request) {
    return Endpoint.text(((InetSocketAddress) request.remotePeer().address()).getAddress());
  }

  private static String parameter(ServerRequest request, String name) {
    return request.path().pathParameters().get(name);
  }
}
