/**
 * Hostile bytes for whatever reads input from outside.
 *
 * <p>What lives here: making them from samples, judging what a decoder does with them, and seeded
 * random cases. What must not: any one format; each package's own tests bring samples and decoder.
 */
package dev.corvid.fuzz;
