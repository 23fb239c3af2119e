package dev.corvid.store;

import dev.corvid.store.disk.TreeFiles;
import dev.corvid.store.piece.PieceLog;
import dev.corvid.store.piece.TorrentFiles;
import dev.corvid.store.state.StateStore;

/**
 * An unfinished revision on the disk, opened.
 *
 * @param states where its manifest is kept
 */
record StagedRevision(StateStore states, TreeFiles source, TorrentFiles files, PieceLog log) {}
