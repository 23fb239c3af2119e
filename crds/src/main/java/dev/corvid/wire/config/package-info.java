/**
 * What the chart's and the operator's ConfigMaps carry to the other programs.
 *
 * <p>What lives here: the roots that the cluster's admin opened, and the trust anchor. What must
 * not: reading the files, checking a signature or a token.
 */
@NullMarked
package dev.corvid.wire.config;

import org.jspecify.annotations.NullMarked;
