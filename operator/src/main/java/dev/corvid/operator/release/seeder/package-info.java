/**
 * When a release needs a seeder, whose turn it is when there are more than the admin allows, what a
 * seeder that has not reported waits for, and whether its publication is believed.
 *
 * <p>{@code dev.corvid.operator.seeder} describes its pod; {@code Seeders}, one package above,
 * creates and deletes it.
 */
@NullMarked
package dev.corvid.operator.release.seeder;

import org.jspecify.annotations.NullMarked;
