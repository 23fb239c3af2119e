/**
 * The Kubernetes operator: the only program here with Kubernetes credentials.
 *
 * <p>What lives here: how the program is put together, its configuration and its leadership. What
 * must not: any behaviour; that lives in the packages below, by feature. Directions: {@code
 * release} uses all others; {@code tracker}, {@code seeder}, {@code volume} and {@code fleet} do
 * not know it.
 */
package dev.corvid.operator;
