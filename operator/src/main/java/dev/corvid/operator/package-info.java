/**
 * The Kubernetes operator: the only program here with Kubernetes credentials.
 *
 * <p>What lives here: how the program is put together, its configuration and its leadership. Beside
 * them is what every feature needs: names, ownership, JSON as it is stored. What must not: the
 * behaviour of a feature; that lives in the packages below. Directions: {@code release} uses the
 * packages of the features; none of them knows it.
 */
@NullMarked
package dev.corvid.operator;

import org.jspecify.annotations.NullMarked;
