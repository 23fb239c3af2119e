/**
 * The Kubernetes operator: the only program here with Kubernetes credentials.
 *
 * <p>What lives here: how the program is put together, its leadership, and the limits of the JSON
 * that the API server sends. What must not: the behavior of a feature; that lives in the packages
 * below. Directions: this package knows them all, and none of them knows it. {@code release} uses
 * the packages of the features, which do not know it; all of them use {@code config} and {@code
 * metadata}.
 */
@NullMarked
package dev.corvid.operator;

import org.jspecify.annotations.NullMarked;
