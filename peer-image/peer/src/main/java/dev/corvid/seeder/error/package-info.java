/**
 * Why a source could not become a release: the failures that tell callers what to do next, from
 * another mirror or a later attempt to the whole file in place of a range. Each has a reason and a
 * message for the user. This package depends on no other package of the seeder.
 */
@NullMarked
package dev.corvid.seeder.error;

import org.jspecify.annotations.NullMarked;
