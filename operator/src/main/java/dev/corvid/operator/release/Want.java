package dev.corvid.operator.release;

import dev.corvid.wire.Content;
import dev.corvid.wire.Grant.Action;

/**
 * What is wanted of a node for a release.
 *
 * @param content null for a removal
 */
record Want(Action action, Content content) {
  static final Want REMOVE = new Want(Action.REMOVE, null);

  static Want hold(Content content) {
    return new Want(Action.HOLD, content);
  }

  static Want activate(Content content) {
    return new Want(Action.ACTIVATE, content);
  }
}
