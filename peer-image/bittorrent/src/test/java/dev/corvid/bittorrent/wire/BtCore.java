package dev.corvid.bittorrent.wire;

import static org.assertj.core.api.Assertions.assertThat;

import bt.magnet.UtMetadataMessageHandler;
import bt.net.InetPeer;
import bt.net.Peer;
import bt.net.buffer.DelegatingByteBufferView;
import bt.protocol.DecodingContext;
import bt.protocol.EncodingContext;
import bt.protocol.StandardBittorrentProtocol;
import bt.protocol.extended.AlphaSortedMapping;
import bt.protocol.extended.ExtendedMessage;
import bt.protocol.extended.ExtendedProtocol;
import bt.protocol.handler.MessageHandler;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;

/** The wire format of bt-core, which was written without any knowledge of ours. */
public final class BtCore {
  /** By the alphabet, and it has no other extension here. */
  static final int UT_METADATA = 1;

  private static final Peer PEER = InetPeer.build(InetAddress.getLoopbackAddress(), 6881);
  private static final int MOST = 1 << 20;

  private final StandardBittorrentProtocol protocol;
  private final ByteBuffer out = ByteBuffer.allocate(MOST);

  public BtCore() {
    Map<String, MessageHandler<? extends ExtendedMessage>> extensions =
        Map.of("ut_metadata", new UtMetadataMessageHandler());
    var extended = new ExtendedProtocol(new AlphaSortedMapping(extensions), extensions);
    protocol =
        new StandardBittorrentProtocol(Map.of(ExtendedProtocol.EXTENDED_MESSAGE_ID, extended));
  }

  byte[] encode(bt.protocol.Message message) {
    assertThat(protocol.encode(new EncodingContext(PEER), message, out.clear())).isTrue();
    return Arrays.copyOf(out.array(), out.position());
  }

  /** The one message that these bytes are. */
  public bt.protocol.Message decode(byte[] bytes) {
    var context = new DecodingContext(PEER);
    var consumed = protocol.decode(context, new DelegatingByteBufferView(ByteBuffer.wrap(bytes)));
    assertThat(consumed).as("bytes that bt-core reads").isEqualTo(bytes.length);
    return context.getMessage();
  }
}
