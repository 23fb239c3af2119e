package dev.corvid.wire.seeder;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.corvid.wire.Require;

/**
 * How fast a release's seeder may read and send, in bytes per second. It begins with those of its
 * {@link SeederTask}; the answer to each of its reports has those of now.
 *
 * @param origin what it reads from the source, all of its connections together; 0 for no limit
 * @param upload content that it sends to nodes; 0 for no limit
 */
@JsonInclude(JsonInclude.Include.NON_DEFAULT)
public record SeederLimits(long origin, long upload) {
  public static final SeederLimits NONE = new SeederLimits(0, 0);

  public SeederLimits {
    Require.rate(origin, "origin");
    Require.rate(upload, "upload");
  }
}
