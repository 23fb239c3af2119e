package dev.corvid.swarm;

import dev.corvid.metainfo.FileKind;
import dev.corvid.metainfo.Metainfo;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Bytes of one file, as a web seed (BEP 19) is asked for them.
 *
 * @param from position in the file
 * @param whole whether it is all of the file: a server without ranges will do then
 */
record WebRange(Metainfo metainfo, int file, long from, int length, boolean whole) {

  /** The files' parts of {@code length} bytes of the torrent from {@code offset}, in order. */
  static List<WebRange> of(Metainfo metainfo, long offset, int length) {
    var ranges = new ArrayList<WebRange>();
    for (var at = offset; at < offset + length; at += ranges.getLast().length) {
      var file = metainfo.fileAt(at);
      var from = at - metainfo.offset(file);
      var count = (int) Math.min(offset + length - at, metainfo.length(file) - from);
      ranges.add(new WebRange(metainfo, file, from, count, count == metainfo.length(file)));
    }
    return ranges;
  }

  /** Padding (BEP 47) is on no server. */
  boolean pad() {
    return metainfo.kind(file) == FileKind.PAD;
  }

  /**
   * The file's URL: the base itself for a single file, unless it ends with a slash; else the
   * torrent's name and the file's path below it.
   */
  URI url(URI base) {
    var text = base.toString();
    if (metainfo.isSingleFile()) {
      return text.endsWith("/") ? URI.create(text + encode(metainfo.name())) : base;
    }
    var path = new StringBuilder(text);
    if (!text.endsWith("/")) path.append('/');
    path.append(encode(metainfo.name()));
    for (var step : metainfo.path(file).split("/")) path.append('/').append(encode(step));
    return URI.create(path.toString());
  }

  /** The value of the request's header Range (RFC 9110, section 14.1.2). */
  String header() {
    return "bytes=" + from + "-" + (from + length - 1);
  }

  /** Whether an answer with this status and Content-Range carries exactly these bytes. */
  boolean answeredBy(int status, String contentRange) {
    if (status == 200) return whole;
    return status == 206
        && contentRange.startsWith("bytes " + from + "-" + (from + length - 1) + "/");
  }

  private static String encode(String step) {
    return URLEncoder.encode(step, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
