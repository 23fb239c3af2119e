/**
 * The operator's only open port.
 *
 * <p>What lives here: who may hold a connection to probes and metrics, and how long. What must not:
 * what they answer; that is Quarkus'.
 */
@NullMarked
package dev.corvid.operator.http;

import org.jspecify.annotations.NullMarked;
