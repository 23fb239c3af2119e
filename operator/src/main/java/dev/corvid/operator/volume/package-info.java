/**
 * How pods mount a release: one read-only local volume for all nodes, and the claim on it.
 *
 * <p>What lives here: both as objects, pure. What must not: files, or when they are made and
 * removed; the release decides that.
 */
@NullMarked
package dev.corvid.operator.volume;

import org.jspecify.annotations.NullMarked;
