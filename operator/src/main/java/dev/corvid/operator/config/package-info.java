/**
 * What the operator was started with: what the cluster's admin decided, and where it runs.
 *
 * <p>What lives here: the chart's values as the operator reads them, with their defaults. What must
 * not: decisions made from them. It knows no other package, and all may know it.
 */
@NullMarked
package dev.corvid.operator.config;

import org.jspecify.annotations.NullMarked;
