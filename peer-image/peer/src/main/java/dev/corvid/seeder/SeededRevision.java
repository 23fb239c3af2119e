package dev.corvid.seeder;

import dev.corvid.bittorrent.metainfo.Metainfo;
import dev.corvid.wire.grant.Content;
import org.jspecify.annotations.Nullable;

/**
 * A revision on scratch, ready to be served.
 *
 * @param metainfo the torrent
 * @param content its names
 * @param sourceDigest {@code sha256:…} of the fetched bytes
 * @param originBytes read from the source, retries included
 * @param note about the source, for a person; null for none
 */
public record SeededRevision(
    Metainfo metainfo,
    Content content,
    String sourceDigest,
    long originBytes,
    @Nullable String note) {}
