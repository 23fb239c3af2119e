package dev.corvid.bittorrent;

import dev.corvid.net.PeerId;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.random.RandomGenerator;

/**
 * One torrent on its loop: tells its {@link Policy} what happened; what that decides, its {@link
 * Roster} carries out. Everything here runs on the loop's thread.
 */
final class Session implements Party, Download.Verdict {
  /** What all sessions of a swarm share. */
  record Shared(
      SwarmOptions options,
      PeerId peerId,
      int port,
      AtomicReference<String> zone,
      SharedRate download,
      SharedRate upload,
      MetadataBudget metadata,
      Refusals refusals) {}

  private static final Logger LOG = Logger.getLogger(Session.class.getName());
  private static final long TICK = 250_000_000L;

  private final Loop loop;
  private final Shared shared;
  private final TorrentOptions options;
  private final TorrentListener listener;
  private final Handshake handshake;
  private final Content content;
  private final Counters counters;
  private final Metadata metadata;
  private final Policy policy;
  private final Introduction introduction;
  private final Download download;
  private final Limits limits;
  private final Neighbourhood neighbourhood;
  private final Origins origins;
  private final BitSet have;
  private final Roster roster;
  private final List<WebSource> webSeeds;
  private final SparseWarning corruption = new SparseWarning();
  private boolean ticking;
  private boolean closed;

  Session(
      Loop loop,
      Shared shared,
      SwarmId swarm,
      Content content,
      TorrentOptions options,
      TorrentListener listener,
      Counters counters,
      RandomGenerator random) {
    this.loop = loop;
    this.shared = shared;
    this.options = options;
    this.listener = listener;
    this.counters = counters;
    handshake = new Handshake(swarm, shared.peerId(), true, true);
    this.content = content;
    metadata = new Metadata(content.infoBytes());
    have = (BitSet) content.verified().clone();
    counters.verified = have.cardinality();
    origins = new Origins(counters, shared.zone(), options.seederAddress());
    webSeeds =
        options.webSeeds().stream()
            .map(seed -> new WebSource(this, seed, content.pieceLength()))
            .toList();
    download = new Download(loop, content, counters, this);
    var onlyFirst = options.onlyFirst() < content.pieces() ? options.onlyFirst() : 0;
    roster = new Roster(options.maxConnections() + webSeeds.size(), download, this::tickSoon);
    policy =
        new Policy(
            new Policy.Settings(
                content.pieces(),
                onlyFirst == 0 ? content.pieces() : onlyFirst,
                Policy.Settings.slots(options.slots(), content.pieceLength()),
                roster.most(),
                options.superSeed()),
            have,
            random,
            download::missing,
            roster);
    introduction = new Introduction(content, metadata, policy, have, onlyFirst, shared);
    limits = new Limits(loop, shared, options);
    neighbourhood = new Neighbourhood(this, options, shared, listener, random);
  }

  /** Runs once, on the loop. */
  void start() {
    options.seederAddress().ifPresent(address -> neighbourhood.add(List.of(address)));
    if (policy.complete()) listener.completed();
    neighbourhood.start();
    webSeeds.forEach(WebSource::start);
  }

  @Override
  public Loop loop() {
    return loop;
  }

  @Override
  public Handshake handshake() {
    return handshake;
  }

  Introduction introduction() {
    return introduction;
  }

  Policy policy() {
    return policy;
  }

  Content content() {
    return content;
  }

  Download download() {
    return download;
  }

  Metadata metadata() {
    return metadata;
  }

  Counters counters() {
    return counters;
  }

  Limits limits() {
    return limits;
  }

  Origins origins() {
    return origins;
  }

  Refusals refusals() {
    return shared.refusals();
  }

  int largestBlock() {
    return shared.options().largestBlock();
  }

  boolean has(int piece) {
    return have.get(piece);
  }

  // What the owner asks.

  void addNeighbours(Collection<InetSocketAddress> addresses) {
    neighbourhood.add(addresses);
  }

  void seeder(InetSocketAddress address) {
    origins.seeder(address);
    neighbourhood.addSeeder(address);
  }

  void prioritise(int from, int to) {
    policy.urgent(Math.max(0, from), Math.min(to, content.pieces()));
  }

  void limits(long downloadLimit, long uploadLimit) {
    limits.set(downloadLimit, uploadLimit);
  }

  void limitsChanged() {
    limits.retry();
  }

  void close() {
    if (closed) return;
    closed = true;
    neighbourhood.close();
    webSeeds.forEach(WebSource::close);
    limits.close();
    download.close();
  }

  // Connections come and go.

  @Override
  public void greeted(
      SocketChannel channel, InetSocketAddress address, boolean dialled, Handshake theirs) {
    if (closed || !neighbourhood.welcome(address, dialled, theirs)) {
      Greeting.close(channel);
      return;
    }
    var connection = new Connection(this, channel, address, dialled, theirs);
    neighbourhood.live(connection);
    try {
      connection.open();
    } catch (IOException e) {
      connection.failed(e);
    }
  }

  @Override
  public void unreachable(InetSocketAddress address, IOException cause) {
    neighbourhood.unreachable(address);
  }

  /** Makes the connection known to the policy, unless there is no room or no use for it. */
  boolean join(Connection connection, BitSet has) {
    if (policy.complete() && has.cardinality() == content.pieces()) return false;
    if (!roster.add(connection)) return false;
    var theirs = connection.extension();
    policy.connected(connection.id(), theirs.own(), theirs.onlyFirst(), has, loop.now());
    tickSoon();
    return true;
  }

  /** A web seed has everything, and sends whenever it is asked. */
  void join(WebSource seed) {
    if (!roster.add(seed)) throw new IllegalStateException("No room is left for a web seed.");
    policy.server(seed.id(), loop.now());
    tickSoon();
  }

  void closed(Connection connection, boolean wasJoined) {
    limits.returned(connection.pipeline().charged());
    if (wasJoined && connection.id() >= 0) {
      left(connection);
    } else {
      download.gone(connection);
      limits.forget(connection);
    }
    neighbourhood.gone(connection);
  }

  /** Nothing comes from there any more, for now. */
  void left(Source source) {
    download.gone(source);
    limits.forget(source);
    roster.remove(source);
    policy.gone(source.id(), loop.now());
  }

  @Override
  public void storageFailed(StorageException cause) {
    if (closed) return;
    LOG.log(
        Level.WARNING, "The torrent " + content.infoHash() + " stops: its storage failed", cause);
    close();
    listener.storageFailed(cause.original());
  }

  /** Whether it has all there is, and so is in no need of us. */
  boolean lacksNothing(Connection connection) {
    return connection.id() >= 0
        && policy.piecesOf(connection.id()).cardinality() == content.pieces();
  }

  // Blocks come and go.

  void have(Connection connection, BitSet pieces) {
    pieces.andNot(policy.piecesOf(connection.id()));
    pieces.stream().forEach(piece -> policy.have(connection.id(), piece, loop.now()));
    closeIfFinished(connection);
  }

  void have(Connection connection, int piece) {
    if (policy.piecesOf(connection.id()).get(piece)) return;
    policy.have(connection.id(), piece, loop.now());
    closeIfFinished(connection);
  }

  private void closeIfFinished(Connection connection) {
    if (policy.complete() && lacksNothing(connection)) connection.close();
  }

  void received(Source source, int piece, ByteBuffer bytes) throws IOException {
    var count = bytes.remaining();
    var now = loop.now();
    origins.received(source, count);
    policy.received(source.id(), piece, count, now);
    download.bytes(source, piece, bytes, now);
  }

  /** A web seed is asked for a block, whose bytes are the next that it brings. */
  void asks(WebSource seed, Message.Request block) throws ProtocolException {
    policy.asked(seed.id(), block.piece(), block.length(), loop.now());
    download.begins(seed, block.piece(), block.begin(), block.length(), loop.now());
  }

  void rejected(Connection connection, Message.Request block) {
    var piece = download.find(block.piece());
    if (piece == null) return;
    piece.refused(connection, block.begin(), block.length());
    connection.pipeline().drop(block.piece(), other -> {}); // each has a reject of its own
    policy.rejected(connection.id(), block.piece(), loop.now());
    loop.defer(connection::askAgain);
  }

  /** With BEP 6 a reject follows for each request; else this alone says that none is answered. */
  void choked(Connection connection) {
    if (!connection.handshake().fast())
      connection
          .pipeline()
          .clear(
              block -> {
                limits.returned(connection.pipeline().uncharge(block.length()));
                var piece = download.find(block.piece());
                if (piece != null) piece.refused(connection, block.begin(), block.length());
              });
    policy.choked(connection.id(), loop.now());
  }

  @Override
  public void good(int piece) {
    have.set(piece);
    counters.verified++;
    policy.good(piece, loop.now());
    announce(piece);
    listener.pieceVerified(piece);
    if (closed || !policy.complete()) return;
    listener.completed();
    roster.forEach(
        each -> {
          if (policy.piecesOf(each.id()).cardinality() == content.pieces()) loop.defer(each::close);
        });
  }

  /** While pieces are hidden, only to those that have it: it ends what they are sending of it. */
  private void announce(int piece) {
    var hidden = policy.superSeeding();
    roster.forEach(
        each -> {
          if (!hidden || policy.piecesOf(each.id()).get(piece)) each.send(new Message.Have(piece));
        });
  }

  @Override
  public void bad(OpenPiece piece) {
    policy.bad(piece.index, loop.now());
    var senders = piece.sources().keySet().stream().map(Source::toString).toList();
    var what = "Piece " + piece.index + " of " + content.infoHash() + " came corrupt from ";
    LOG.log(corruption.next(loop.now()), () -> what + senders + corruption.before());
    listener.pieceCorrupt(piece.index, senders);
    // No HAVE tells whoever sent it that it is over: this gives its place there back.
    var over = Math.min(OpenPiece.BLOCK, content.length(piece.index));
    for (var source : piece.sources().keySet())
      source.send(new Message.Cancel(piece.index, 0, over));
  }

  @Override
  public void corrupted(Source source) {
    var banned =
        switch (source) {
          case Connection connection -> neighbourhood.ban(connection);
          case WebSource seed -> seed.ban();
          default -> false;
        };
    if (banned) counters.banned.increment();
    loop.defer(source::close);
  }

  /** Sends requests as long as there is something to ask for, room and allowance. */
  void ask(Connection connection) {
    var pipeline = connection.pipeline();
    var now = loop.now();
    var most = limits.isDownloadLimited() ? limits.mostAsked(roster.owing()) : Long.MAX_VALUE;
    while (!connection.closed()) {
      if (!connection.extension().own() && pipeline.hungry()) policy.roomFor(connection.id(), now);
      if (!pipeline.wantsToAsk() || pipeline.outstanding() >= most) return;
      if (!limits.mayDownload(now)) {
        limits.waitForDownload(connection);
        return;
      }
      var block = pipeline.next(limits.largestBlock((int) Math.min(most, largestBlock())));
      if (block == null) {
        if (!pipeline.hungry()) return;
        continue;
      }
      limits.downloads(block.length());
      policy.asked(connection.id(), block.piece(), block.length(), now);
      connection.send(block);
    }
  }

  void sent(Connection connection, int bytes) {
    counters.uploaded.add(bytes);
    limits.uploads(bytes);
    policy.sent(connection.id(), loop.now());
  }

  /** The policy watches over time only while something is under way. */
  private void tickSoon() {
    if (ticking || closed) return;
    ticking = true;
    loop.after(
        TICK,
        () -> {
          ticking = false;
          if (closed) return;
          policy.tick(loop.now());
          for (var piece : download.forsaken(roster::owes)) policy.forsaken(piece, loop.now());
          if (policy.active()) tickSoon();
        });
  }
}
