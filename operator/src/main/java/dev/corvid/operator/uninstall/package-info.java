/**
 * What {@code helm uninstall} runs first, as a program of its own: the operator stops and every
 * SwarmRelease is let go of, so that no namespace waits for a finalizer that nobody removes any
 * more. Nothing here may remove content from a node, or a SwarmRelease.
 */
@NullMarked
package dev.corvid.operator.uninstall;

import org.jspecify.annotations.NullMarked;
