/**
 * What is remembered of releases: grant, revisions and their phases.
 *
 * <p>What lives here: the records and how they are replaced. What must not: the trees themselves.
 */
@NullMarked
package dev.corvid.store.state;

import org.jspecify.annotations.NullMarked;
