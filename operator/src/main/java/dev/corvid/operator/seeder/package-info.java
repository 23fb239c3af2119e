/**
 * The seeder: the pod in a release's namespace that fetches the source once and seeds it.
 *
 * <p>What lives here: the pod as an object, pure, and what the cluster says about a pod ({@link
 * dev.corvid.operator.seeder.SeederPodState}). What must not: when a seeder is needed; the release
 * decides that.
 */
@NullMarked
package dev.corvid.operator.seeder;

import org.jspecify.annotations.NullMarked;
