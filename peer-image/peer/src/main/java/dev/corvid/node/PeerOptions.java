package dev.corvid.node;

import dev.corvid.wire.Endpoint;
import java.net.URI;
import java.nio.file.Path;

/**
 * What a peer is told by its pod.
 *
 * @param node name of the node that it runs on
 * @param address the pod's IP; a neighbour that is said to be there is none
 * @param listen BitTorrent; port 0 lets the kernel choose
 * @param tracker base URL
 * @param token the projected service-account token
 * @param trust the mounted trust file
 * @param roots the mounted list of roots
 * @param rootsDirectory each root is mounted below it under its name
 * @param http probes and metrics
 * @param downloadLimit bytes per second over all releases, 0 for no limit
 * @param uploadLimit bytes per second over all releases, 0 for no limit
 * @param perRelease whether each release has metrics of its own
 */
public record PeerOptions(
    String node,
    String address,
    Endpoint listen,
    URI tracker,
    Path token,
    Path trust,
    Path roots,
    Path rootsDirectory,
    Endpoint http,
    long downloadLimit,
    long uploadLimit,
    boolean perRelease) {}
