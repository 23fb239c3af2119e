package dev.corvid.operator.config;

import dev.corvid.wire.config.Roots;

/**
 * What the program was started with.
 *
 * @param namespace the operator's
 * @param instance the name of the operator's pod
 */
public record OperatorSettings(
    OperatorConfig config, Roots roots, String namespace, String instance) {}
