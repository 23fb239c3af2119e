package dev.corvid.bittorrent.swarm;

import dev.corvid.bittorrent.SwarmId;
import dev.corvid.bittorrent.TorrentListener;
import dev.corvid.bittorrent.TorrentOptions;
import dev.corvid.bittorrent.net.Channels;
import dev.corvid.bittorrent.net.Connection;
import dev.corvid.bittorrent.net.ConnectionListener;
import dev.corvid.bittorrent.net.Loop;
import dev.corvid.bittorrent.net.RateLimiter;
import dev.corvid.bittorrent.net.SwarmContext;
import dev.corvid.bittorrent.net.TorrentContext;
import dev.corvid.bittorrent.net.TorrentEndpoint;
import dev.corvid.bittorrent.pieces.ActivePieces;
import dev.corvid.bittorrent.pieces.PartialPiece;
import dev.corvid.bittorrent.pieces.PieceListener;
import dev.corvid.bittorrent.pieces.PieceSource;
import dev.corvid.bittorrent.pieces.PieceStorage;
import dev.corvid.bittorrent.pieces.Sender;
import dev.corvid.bittorrent.pieces.StorageException;
import dev.corvid.bittorrent.policy.Policy;
import dev.corvid.bittorrent.webseed.WebSeedListener;
import dev.corvid.bittorrent.webseed.WebSeedPeer;
import dev.corvid.bittorrent.wire.Handshake;
import dev.corvid.bittorrent.wire.Message;
import dev.corvid.bittorrent.wire.MetadataExchange;
import dev.corvid.bittorrent.wire.ProtocolException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.random.RandomGenerator;

/**
 * One torrent on its loop: reports events to its {@link Policy}, whose decisions its {@link
 * PeerTable} carries out. Everything here runs on the loop's thread.
 */
final class TorrentSession
    implements TorrentEndpoint, ConnectionListener, WebSeedListener, PieceListener {
  private static final Logger LOG = Logger.getLogger(TorrentSession.class.getName());
  private static final long TICK = 250_000_000L;

  private final Loop loop;
  private final SwarmContext context;
  private final TorrentOptions options;
  private final TorrentListener listener;
  private final Handshake handshake;
  private final PieceStorage storage;
  private final Counters counters;
  private final MetadataExchange metadata;
  private final Policy policy;
  private final InitialMessages initialMessages;
  private final ActivePieces activePieces;
  private final RateLimiter rateLimiter;
  private final TorrentContext torrent;
  private final PeerConnections connections;
  private final TrafficBySource traffic;
  private final BitSet have;
  private final PeerTable peers;
  private final List<WebSeedPeer> webSeeds;
  private final SparseWarning corruptionWarning = new SparseWarning();
  private boolean ticking;
  private boolean closed;

  TorrentSession(
      Loop loop,
      SwarmContext context,
      SwarmId swarm,
      PieceStorage storage,
      TorrentOptions options,
      TorrentListener listener,
      Counters counters,
      RandomGenerator random) {
    this.loop = loop;
    this.context = context;
    this.options = options;
    this.listener = listener;
    this.counters = counters;
    handshake = new Handshake(swarm, context.peerId(), true, true);
    this.storage = storage;
    metadata = new MetadataExchange(storage.infoBytes());
    have = (BitSet) storage.verified().clone();
    counters.verified = have.cardinality();
    traffic = new TrafficBySource(counters, context.zone(), options.seederAddress());
    rateLimiter = new RateLimiter(loop, context, options);
    torrent = new TorrentContext(loop, context, storage, rateLimiter);
    webSeeds =
        options.webSeeds().stream().map(seed -> new WebSeedPeer(this, torrent, seed)).toList();
    activePieces = new ActivePieces(loop.hashThread(), loop, storage, this);
    var onlyFirst = options.onlyFirst() < storage.pieces() ? options.onlyFirst() : 0;
    peers = new PeerTable(options.maxConnections() + webSeeds.size(), activePieces, this::tickSoon);
    policy =
        new Policy(
            new Policy.Settings(
                storage.pieces(),
                onlyFirst == 0 ? storage.pieces() : onlyFirst,
                options.slots(),
                peers.capacity(),
                options.superSeed()),
            have,
            random,
            activePieces::missing,
            peers);
    initialMessages = new InitialMessages(storage, metadata, policy, have, onlyFirst, torrent);
    connections = new PeerConnections(this, options, context, listener, random);
  }

  /** Runs once, on the loop. */
  void start() {
    options.seederAddress().ifPresent(address -> connections.add(List.of(address)));
    if (policy.complete()) {
      listener.completed();
    }
    connections.start();
    webSeeds.forEach(WebSeedPeer::start);
  }

  @Override
  public Loop loop() {
    return loop;
  }

  @Override
  public Handshake handshake() {
    return handshake;
  }

  Policy policy() {
    return policy;
  }

  Counters counters() {
    return counters;
  }

  RateLimiter rateLimiter() {
    return rateLimiter;
  }

  TrafficBySource traffic() {
    return traffic;
  }

  // What the owner asks.

  void addNeighbours(Collection<InetSocketAddress> addresses) {
    connections.add(addresses);
  }

  void seeder(InetSocketAddress address) {
    traffic.seeder(address);
    connections.addSeeder(address);
  }

  void prioritize(int from, int to) {
    policy.urgent(Math.max(0, from), Math.min(to, storage.pieces()));
  }

  void limits(long downloadLimit, long uploadLimit) {
    rateLimiter.set(downloadLimit, uploadLimit);
    heedLimits();
  }

  void limitsChanged() {
    rateLimiter.retry();
    heedLimits();
  }

  private void heedLimits() {
    if (rateLimiter.isUploadLimited()) {
      policy.uploadsLimited();
      tickSoon();
    }
  }

  void close() {
    if (closed) {
      return;
    }
    closed = true;
    connections.close();
    webSeeds.forEach(WebSeedPeer::close);
    rateLimiter.close();
    activePieces.close();
  }

  // Connections come and go.

  @Override
  public void handshaken(
      SocketChannel channel, InetSocketAddress address, boolean dialled, Handshake theirs) {
    if (closed || !connections.admit(address, dialled, theirs)) {
      Channels.close(channel);
      return;
    }
    var connection = new Connection(this, torrent, channel, address, dialled, theirs);
    connections.live(connection);
    try {
      connection.open();
    } catch (IOException e) {
      connection.failed(e);
    }
  }

  @Override
  public void unreachable(InetSocketAddress address, IOException cause) {
    connections.unreachable(address);
  }

  @Override
  public BitSet opened(Connection connection) {
    return initialMessages.sendTo(connection);
  }

  @Override
  public boolean joined(Connection connection, BitSet has, BitSet announced) {
    if (!join(connection, has)) {
      return false;
    }
    initialMessages.catchUp(connection, announced);
    return true;
  }

  /** Makes the connection known to the policy, unless there is no room or no use for it. */
  private boolean join(Connection connection, BitSet has) {
    var sameHost = isSameHost(connection);
    if (policy.complete() && has.cardinality() == storage.pieces() && !sameHost) {
      return false;
    }
    if (!peers.add(connection)) {
      return false;
    }
    var theirs = connection.extension();
    var kind = new Policy.Kind(theirs.isCorvid(), sameHost, theirs.onlyFirst());
    policy.connected(connection.id(), kind, has, loop.now());
    tickSoon();
    return true;
  }

  /** Another program of this machine; if a seeder is named, it is believed of that one alone. */
  private boolean isSameHost(Connection connection) {
    var theirs = connection.extension();
    return theirs.isCorvid()
        && theirs.location().isSameHost(initialMessages.location())
        && (options.superSeed() || traffic.mayBeSeeder(connection));
  }

  @Override
  public boolean complete() {
    return policy.complete();
  }

  @Override
  public void joined(WebSeedPeer seed) {
    if (!peers.add(seed)) {
      throw new IllegalStateException("No room is left for a web seed.");
    }
    policy.server(seed.id(), loop.now());
    tickSoon();
  }

  @Override
  public void closed(Connection connection, boolean wasJoined) {
    rateLimiter.returned(connection.pipeline().charged());
    if (wasJoined && connection.id() >= 0) {
      left(connection);
    } else {
      activePieces.gone(connection);
      rateLimiter.forget(connection);
    }
    connections.gone(connection);
  }

  @Override
  public void left(PieceSource source) {
    activePieces.gone(source);
    rateLimiter.forget(source);
    peers.remove(source);
    policy.gone(source.id(), loop.now());
  }

  @Override
  public void storageFailed(StorageException cause) {
    if (closed) {
      return;
    }
    LOG.log(
        Level.WARNING, "The torrent " + storage.infoHash() + " stops: its storage failed", cause);
    close();
    listener.storageFailed(cause.original());
  }

  /** Whether it has all there is, and so is in no need of us. */
  boolean lacksNothing(Connection connection) {
    return connection.id() >= 0 && policy.lacksNothing(connection.id());
  }

  // Blocks come and go.

  @Override
  public void have(Connection connection, BitSet pieces) {
    pieces.andNot(policy.piecesOf(connection.id()));
    pieces.stream().forEach(piece -> policy.have(connection.id(), piece, loop.now()));
    closeIfFinished(connection);
  }

  @Override
  public void have(Connection connection, int piece) {
    if (policy.piecesOf(connection.id()).get(piece)) {
      return;
    }
    policy.have(connection.id(), piece, loop.now());
    closeIfFinished(connection);
  }

  private void closeIfFinished(Connection connection) {
    if (policy.complete() && lacksNothing(connection)) {
      connection.close();
    }
  }

  @Override
  public void received(PieceSource source, int piece, ByteBuffer bytes) throws IOException {
    var count = bytes.remaining();
    var now = loop.now();
    traffic.received(source, count);
    policy.received(source.id(), piece, count, now);
    activePieces.bytes(source, piece, bytes, now);
  }

  @Override
  public void wantsMore(WebSeedPeer seed) {
    policy.wantsMore(seed.id(), loop.now());
  }

  @Override
  public void dropped(WebSeedPeer seed, int piece) {
    var open = activePieces.find(piece);
    if (open != null) {
      open.forget(seed);
    }
  }

  @Override
  public void requested(WebSeedPeer seed, Message.Request block) throws ProtocolException {
    policy.asked(seed.id(), block.piece(), block.length(), loop.now());
    activePieces.begins(seed, block.piece(), block.begin(), block.length(), loop.now());
  }

  @Override
  public void rejected(Connection connection, Message.Request block) {
    var piece = activePieces.find(block.piece());
    if (piece == null) {
      return;
    }
    piece.refused(connection, block.begin(), block.length());
    connection.pipeline().drop(block.piece(), other -> {}); // each has a reject of its own
    policy.rejected(connection.id(), block.piece(), loop.now());
    loop.defer(connection::askAgain);
  }

  /** With BEP 6 a reject follows for each request; else this alone says that none is answered. */
  @Override
  public void choked(Connection connection) {
    if (!connection.handshake().fast()) {
      connection
          .pipeline()
          .clear(
              block -> {
                rateLimiter.returned(connection.pipeline().uncharge(block.length()));
                var piece = activePieces.find(block.piece());
                if (piece != null) {
                  piece.refused(connection, block.begin(), block.length());
                }
              });
    }
    policy.choked(connection.id(), loop.now());
  }

  @Override
  public void verified(int piece) {
    have.set(piece);
    counters.verified++;
    policy.good(piece, loop.now());
    announce(piece);
    listener.pieceVerified(piece);
    if (closed || !policy.complete()) {
      return;
    }
    listener.completed();
    peers.forEach(
        each -> {
          if (policy.lacksNothing(each.id())) {
            loop.defer(each::close);
          }
        });
  }

  /** While pieces are hidden, only to those that have it: it ends what they are sending of it. */
  private void announce(int piece) {
    var hidden = policy.superSeeding();
    peers.forEach(
        each -> {
          if (!hidden || policy.piecesOf(each.id()).get(piece)) {
            each.send(new Message.Have(piece));
          }
        });
  }

  @Override
  public void wasted(int bytes) {
    counters.wasted.add(bytes);
  }

  @Override
  public void corrupt(PartialPiece piece) {
    counters.corrupt.increment();
    policy.bad(piece.index, loop.now());
    var senders = piece.sources().keySet().stream().map(PieceSource::toString).toList();
    var what = "Piece " + piece.index + " of " + storage.infoHash();
    LOG.log(
        corruptionWarning.next(loop.now()),
        () ->
            what
                + " was corrupt and was discarded; it came from "
                + senders
                + corruptionWarning.before());
    listener.pieceCorrupt(piece.index, senders);
    // No HAVE tells the senders that the piece is over: this frees its slot there.
    var over = Math.min(Message.BLOCK, storage.length(piece.index));
    for (var source : piece.sources().keySet()) {
      source.send(new Message.Cancel(piece.index, 0, over));
    }
  }

  @Override
  public void sentCorrupt(Sender sender) {
    var banned =
        switch (sender) {
          case Sender.Peer peer -> connections.ban(peer);
          case Sender.Server server -> ban(server);
        };
    if (banned) {
      counters.banned.increment();
    }
  }

  private boolean ban(Sender.Server server) {
    var banned = false;
    for (var seed : webSeeds) {
      if (seed.sender().equals(server)) {
        banned |= seed.ban();
        loop.defer(seed::close);
      }
    }
    return banned;
  }

  @Override
  public void unchoked(Connection connection) {
    policy.unchoked(connection.id(), loop.now());
    wantsRequests(connection);
  }

  @Override
  public void interested(Connection connection) {
    policy.interested(connection.id(), loop.now());
  }

  @Override
  public void notInterested(Connection connection) {
    policy.notInterested(connection.id(), loop.now());
  }

  @Override
  public boolean serves(Connection connection, int piece) {
    return policy.serves(connection.id()) && have.get(piece);
  }

  @Override
  public void requested(Connection connection, int piece) {
    policy.requested(connection.id(), piece, loop.now());
  }

  @Override
  public void withdrawn(Connection connection, int piece) {
    policy.withdrawn(connection.id(), piece, loop.now());
  }

  @Override
  public void blockBegins(Connection connection, int piece, int begin, int length)
      throws ProtocolException {
    activePieces.begins(connection, piece, begin, length, loop.now());
  }

  @Override
  public Optional<byte[]> metadata(byte[] payload, boolean busy) throws IOException {
    return metadata.answer(payload, busy);
  }

  /** Sends requests as long as there is something to ask for, room and allowance. */
  @Override
  public void wantsRequests(Connection connection) {
    var pipeline = connection.pipeline();
    var now = loop.now();
    var most =
        rateLimiter.isDownloadLimited()
            ? rateLimiter.maxRequested(peers.expectingPeers())
            : Long.MAX_VALUE;
    while (!connection.closed()) {
      if (!connection.extension().isCorvid() && pipeline.isHungry()) {
        policy.wantsMore(connection.id(), now);
      }
      if (!pipeline.wantsToAsk() || pipeline.outstanding() >= most) {
        return;
      }
      if (!rateLimiter.mayDownload(now)) {
        rateLimiter.waitForDownload(connection);
        return;
      }
      var block =
          pipeline.next(rateLimiter.largestBlock((int) Math.min(most, torrent.largestBlock())));
      if (block == null) {
        if (!pipeline.isHungry()) {
          return;
        }
        continue;
      }
      rateLimiter.downloads(block.length());
      policy.asked(connection.id(), block.piece(), block.length(), now);
      connection.send(block);
    }
  }

  @Override
  public void sent(Connection connection, int bytes) {
    counters.uploaded.add(bytes);
    rateLimiter.uploads(bytes);
    policy.sent(connection.id(), loop.now());
  }

  /** The policy watches over time only while something is under way. */
  private void tickSoon() {
    if (ticking || closed) {
      return;
    }
    ticking = true;
    loop.after(
        TICK,
        () -> {
          ticking = false;
          if (closed) {
            return;
          }
          policy.tick(loop.now());
          for (var piece : activePieces.stalled(peers::expects)) {
            policy.stalled(piece, loop.now());
          }
          if (policy.active()) {
            tickSoon();
          }
        });
  }
}
