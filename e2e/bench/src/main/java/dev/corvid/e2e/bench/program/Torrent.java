package dev.corvid.e2e.bench.program;

import java.nio.file.Path;

/**
 * A torrent that was made for the bench.
 *
 * @param infoHash in hex
 */
public record Torrent(Path file, String infoHash, int pieces, long pieceLength) {}
