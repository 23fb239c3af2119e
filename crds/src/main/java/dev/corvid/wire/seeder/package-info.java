/**
 * What a seeder is told to do, and what it reports.
 *
 * <p>What lives here: task, report, publication with its proof, limits. What must not: fetching,
 * unpacking.
 */
@NullMarked
package dev.corvid.wire.seeder;

import org.jspecify.annotations.NullMarked;
