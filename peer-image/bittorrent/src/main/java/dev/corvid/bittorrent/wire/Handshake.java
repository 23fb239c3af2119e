package dev.corvid.bittorrent.wire;

import dev.corvid.bittorrent.PeerId;
import dev.corvid.bittorrent.SwarmId;
import dev.corvid.bittorrent.metainfo.InfoHash;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The first 68 bytes of each direction (BEP 3), with the reserved bits of BEP 6 and BEP 10. */
public record Handshake(SwarmId swarm, PeerId peerId, boolean fast, boolean extended) {
  public static final int BYTES = 68;

  /** Up to and with the swarm: what the side that was called waits for before it answers. */
  public static final int FIRST_PART = 48;

  private static final byte[] PROTOCOL =
      "\23BitTorrent protocol".getBytes(StandardCharsets.ISO_8859_1);

  public void encode(ByteBuffer out) {
    out.put(PROTOCOL).put(new byte[5]);
    out.put((byte) (extended ? 0x10 : 0)).put((byte) 0).put((byte) (fast ? 0x04 : 0));
    out.put(swarm.bytes().toBytes()).put(peerId.toBytes());
  }

  /** The swarm that is asked for, of at least {@link #FIRST_PART} bytes. */
  public static SwarmId swarm(ByteBuffer in) throws ProtocolException {
    if (!in.slice(in.position(), PROTOCOL.length).equals(ByteBuffer.wrap(PROTOCOL))) {
      throw new ProtocolException("not a BitTorrent handshake");
    }
    var hash = new byte[InfoHash.LENGTH];
    in.get(in.position() + PROTOCOL.length + 8, hash);
    return SwarmId.of(InfoHash.of(hash));
  }

  public static Handshake decode(ByteBuffer in) throws ProtocolException {
    var swarm = swarm(in);
    var reserved = in.position() + PROTOCOL.length;
    var id = new byte[PeerId.LENGTH];
    in.get(in.position() + FIRST_PART, id);
    return new Handshake(
        swarm,
        PeerId.of(id),
        (in.get(reserved + 7) & 0x04) != 0,
        (in.get(reserved + 5) & 0x10) != 0);
  }
}
