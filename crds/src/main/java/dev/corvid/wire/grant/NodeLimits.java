package dev.corvid.wire.grant;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.corvid.wire.Require;

/**
 * How fast one node may move one release: bytes of the content per second. The ceilings of the
 * node's peer hold as well.
 *
 * @param download what the node receives; 0 for no limit
 * @param upload what the node sends; 0 for no limit
 */
@JsonInclude(JsonInclude.Include.NON_DEFAULT)
public record NodeLimits(long download, long upload) {
  public static final NodeLimits NONE = new NodeLimits(0, 0);

  public NodeLimits {
    Require.rate(download, "download");
    Require.rate(upload, "upload");
  }
}
