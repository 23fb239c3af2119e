package dev.corvid.operator.release.grant;

import dev.corvid.wire.grant.DeletionPolicy;
import java.util.List;

/**
 * What stays on a node.
 *
 * @param keep manifest digests of the revisions that are kept beside the wanted one
 * @param deletionPolicy whether files go or stay when the release does
 */
public record Retention(List<String> keep, DeletionPolicy deletionPolicy) {
  /** Nothing. */
  public static final Retention NONE = new Retention(List.of(), DeletionPolicy.DELETE);
}
