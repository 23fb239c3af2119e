package dev.corvid.e2e.bench.swarm;

import java.util.OptionalLong;

/**
 * What a swarm moves beside its content.
 *
 * @param torrentBytes all pieces, padding included
 * @param trackerBytes to and from the tracker, of all nodes, headers included
 */
public record Overhead(long torrentBytes, OptionalLong trackerBytes) {}
