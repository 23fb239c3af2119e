package dev.corvid.bittorrent.webseed;

import dev.corvid.bittorrent.metainfo.FileKind;
import dev.corvid.bittorrent.metainfo.Metainfo;
import java.util.ArrayList;
import java.util.List;

/**
 * Bytes of one file, as a web seed is asked for them.
 *
 * @param from position in the file
 * @param pad whether the file is padding (BEP 47), which is on no server
 */
record WebRange(int file, long from, int length, boolean pad) {

  /** The files' parts of {@code length} bytes of the torrent from {@code offset}, in order. */
  static List<WebRange> of(Metainfo metainfo, long offset, int length) {
    var ranges = new ArrayList<WebRange>();
    for (var at = offset; at < offset + length; at += ranges.getLast().length) {
      var file = metainfo.fileAt(at);
      var from = at - metainfo.offset(file);
      var count = (int) Math.min(offset + length - at, metainfo.length(file) - from);
      ranges.add(new WebRange(file, from, count, metainfo.kind(file) == FileKind.PAD));
    }
    return ranges;
  }
}
