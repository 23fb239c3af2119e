package dev.corvid.bittorrent;

import dev.corvid.net.PeerId;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What all torrents of a swarm share.
 *
 * @param port where this process accepts peers
 * @param zone where this process is; empty while it is not known
 */
record SwarmContext(
    SwarmOptions options,
    PeerId peerId,
    int port,
    AtomicReference<String> zone,
    FairRate download,
    FairRate upload,
    RejectCounters rejects) {}
