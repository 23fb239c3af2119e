package dev.corvid.bittorrent.net;

import dev.corvid.bittorrent.PeerId;
import dev.corvid.bittorrent.SwarmOptions;
import dev.corvid.bittorrent.peers.RejectCounters;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What all torrents of a swarm share.
 *
 * @param port where this process accepts peers
 * @param zone where this process is; empty while it is not known
 */
public record SwarmContext(
    SwarmOptions options,
    PeerId peerId,
    int port,
    AtomicReference<String> zone,
    FairRate download,
    FairRate upload,
    RejectCounters rejects) {}
