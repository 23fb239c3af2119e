/**
 * The SwarmRelease resource, {@code corvid.dev/v1alpha1}, as Java: spec and status are records, and
 * the CRD in {@code crds/} is generated from them (a test proves that the committed YAML is equal).
 *
 * <p>What lives here: fields, their descriptions, bounds, defaults and CEL rules. What must not:
 * what the operator makes of them. Nothing here may be needed by the peer image.
 */
@NullMarked
package dev.corvid.api.v1alpha1;

import org.jspecify.annotations.NullMarked;
