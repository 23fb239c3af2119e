/**
 * Disk space: what a revision takes, what a root has, and whether another download fits.
 *
 * <p>What lives here: quotas, the reserve, reservations. What must not: which revision is worth its
 * space; that is decided by grants.
 */
@NullMarked
package dev.corvid.store.quota;

import org.jspecify.annotations.NullMarked;
