/**
 * Revisions of a release, and the ControllerRevisions that record them. Here are the hash of a
 * source, the sealed object and how it is read, and the history that a roll-out and a status are
 * computed from.
 *
 * <p>{@code RevisionRecorder}, one package above, writes and deletes the objects.
 */
@NullMarked
package dev.corvid.operator.release.record;

import org.jspecify.annotations.NullMarked;
