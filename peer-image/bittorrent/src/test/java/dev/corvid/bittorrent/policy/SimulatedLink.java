package dev.corvid.bittorrent.policy;

import java.util.ArrayDeque;

/**
 * A node's access link. Its connections take turns, a part of a piece at a time, while they have
 * room in their windows: fair shares of a fluid, in small drops. What is written waits in the
 * link's buffers, and small messages wait behind it; what arrives waits for the receiver's own link
 * in the order in which it came.
 */
final class SimulatedLink {
  private static final int WINDOW_BYTES = 1 << 20;

  /** Bytes per second within a machine. */
  private static final double LOOPBACK = 1e9;

  /** What one node sends another: pieces one after the other. */
  static final class Flow {
    final SimulatedNode from;
    final SimulatedNode to;
    private final ArrayDeque<Order> orders = new ArrayDeque<>();
    private int under;
    private boolean inTurn;

    Flow(SimulatedNode from, SimulatedNode to) {
      this.from = from;
      this.to = to;
    }
  }

  private static final class Order {
    final int piece;
    final boolean fromTheBack;
    int parts;
    boolean begun;

    Order(int piece, int parts, boolean fromTheBack) {
      this.piece = piece;
      this.parts = parts;
      this.fromTheBack = fromTheBack;
    }

    int take() {
      var part = fromTheBack ? Integer.highestOneBit(parts) : Integer.lowestOneBit(parts);
      parts &= ~part;
      return part;
    }
  }

  private final Agenda agenda;
  private final Scenario scenario;
  private final long upTime;
  private final long downTime;
  private final long loopbackTime;
  private final int window;
  private final ArrayDeque<Flow> turns = new ArrayDeque<>();
  private final Runnable write = this::write;
  private boolean waiting;
  private long upFreeAt;
  private long downFreeAt;
  private long loopbackFreeAt;
  private long partsSent;

  SimulatedLink(Agenda agenda, Scenario scenario, int node) {
    this.agenda = agenda;
    this.scenario = scenario;
    var part = scenario.pieceBytes / scenario.parts;
    upTime = (long) (part * 1e9 / scenario.up[node]);
    downTime = (long) (part * 1e9 / scenario.down[node]);
    loopbackTime = (long) (part * 1e9 / LOOPBACK);
    window = Math.max(2, WINDOW_BYTES / part);
  }

  long partsSent() {
    return partsSent;
  }

  /** How long a small message takes that is sent now. */
  long delay() {
    return scenario.delay(agenda.now()) + backlog();
  }

  void send(Flow flow, int piece, int parts, boolean fromTheBack) {
    flow.orders.add(new Order(piece, parts, fromTheBack));
    takeTurn(flow);
  }

  void cancel(Flow flow, int piece) {
    flow.orders.removeIf(order -> order.piece == piece);
  }

  void cancelAll(Flow flow) {
    flow.orders.clear();
  }

  /** More is on its way than the buffers before this link hold: TCP slows whoever sends here. */
  private boolean congested() {
    return scenario.buffered > 0 && downFreeAt - agenda.now() > scenario.buffered;
  }

  private long backlog() {
    return Math.max(0, upFreeAt - agenda.now());
  }

  private void takeTurn(Flow flow) {
    queue(flow);
    if (!waiting) {
      write();
    }
  }

  private void queue(Flow flow) {
    if (flow.inTurn || flow.orders.isEmpty()) {
      return;
    }
    if (isWithinTheMachine(flow)) {
      while (flow.under < window && !flow.orders.isEmpty() && flow.from.alive()) {
        pass(flow);
      }
      return;
    }
    if (flow.under >= (flow.to.link().congested() ? 1 : window)) {
      return;
    }
    flow.inTurn = true;
    turns.add(flow);
  }

  private boolean isWithinTheMachine(Flow flow) {
    return flow.to.link() == this;
  }

  private void pass(Flow flow) {
    var order = flow.orders.peek();
    var part = order.take();
    if (order.parts == 0) {
      flow.orders.remove();
    }
    loopbackFreeAt = Math.max(agenda.now(), loopbackFreeAt) + loopbackTime;
    flow.under++;
    flow.from.sent(flow.to);
    agenda.at(
        loopbackFreeAt + scenario.delay(loopbackFreeAt), () -> arrives(flow, order.piece, part));
  }

  /** Into the buffers, as far as there is room. */
  private void write() {
    waiting = false;
    while (!turns.isEmpty()) {
      if (backlog() > scenario.buffered) {
        waiting = true;
        agenda.at(upFreeAt - scenario.buffered, write);
        return;
      }
      var flow = turns.poll();
      flow.inTurn = false;
      if (flow.orders.isEmpty() || !flow.from.alive()) {
        continue;
      }
      var order = flow.orders.peek();
      var part = order.take();
      if (order.parts == 0) {
        flow.orders.remove();
      }
      send(flow, order, part);
    }
  }

  private void send(Flow flow, Order order, int part) {
    var begins = Math.max(agenda.now(), upFreeAt);
    upFreeAt = begins + upTime;
    partsSent++;
    flow.under++;
    flow.from.sent(flow.to);
    if (!order.begun) {
      order.begun = true;
      agenda.at(begins + scenario.delay(begins), () -> flow.to.received(flow.from, order.piece, 1));
    }
    agenda.at(
        upFreeAt + scenario.delay(upFreeAt), () -> flow.to.link().comes(flow, order.piece, part));
    queue(flow);
  }

  private void comes(Flow flow, int piece, int part) {
    downFreeAt = Math.max(downFreeAt, agenda.now()) + downTime;
    agenda.at(downFreeAt, () -> arrives(flow, piece, part));
  }

  private static void arrives(Flow flow, int piece, int part) {
    flow.under--;
    flow.to.arrived(flow.from, piece, part);
    flow.from.link().takeTurn(flow);
  }
}
