package dev.corvid.bittorrent.metainfo;

/** What an entry of a torrent is (BEP 47). */
public enum FileKind {
  /** Bytes on disk. */
  FILE,
  /** Zeros that align the next file to a piece: never written, always served. */
  PAD,
  /** A symbolic link; it has no bytes in the torrent. */
  LINK
}
