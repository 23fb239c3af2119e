package dev.corvid.operator.release.rollout;

import dev.corvid.wire.grant.Content;
import dev.corvid.wire.grant.Grant.Action;
import org.jspecify.annotations.Nullable;

/**
 * What is wanted of a node for a release.
 *
 * @param content null for a removal
 */
public record NodeIntent(Action action, @Nullable Content content) {
  public static final NodeIntent REMOVE = new NodeIntent(Action.REMOVE, null);

  public static NodeIntent hold(Content content) {
    return new NodeIntent(Action.HOLD, content);
  }

  public static NodeIntent activate(Content content) {
    return new NodeIntent(Action.ACTIVATE, content);
  }
}
