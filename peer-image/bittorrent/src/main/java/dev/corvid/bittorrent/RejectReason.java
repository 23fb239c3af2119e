package dev.corvid.bittorrent;

/**
 * Why a connection was not taken, was held back or was ended, as it is counted. Corrupt pieces
 * count apart.
 */
public enum RejectReason {
  /** More connections than there is room for, in all or for one address. */
  TOO_MANY,
  /** No handshake in time. */
  SILENT,
  /** Not BitTorrent, or for a torrent that is not here. */
  HANDSHAKE,
  /** A message that is malformed, out of range, or not due. */
  PROTOCOL,
  /** More messages than a connection may send: it was not read from for a while. */
  FLOOD,
  /** Metainfo that does not have the info-hash, or cannot be used. */
  METAINFO
}
