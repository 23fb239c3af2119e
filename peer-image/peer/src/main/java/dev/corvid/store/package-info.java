/**
 * A revision on a node's disk: manifest, staging, verification, activation, clean-up.
 *
 * <p>What lives here: roots, releases, admission, download, repair and removal; files, pieces,
 * trees, records and quotas have the packages below. All of them keep the guarantee that a crash at
 * any instruction leaves the active revision as it was. What must not: connections, grants' trust,
 * HTTP; who wants which revision is decided elsewhere.
 */
@NullMarked
package dev.corvid.store;

import org.jspecify.annotations.NullMarked;
