/**
 * What documents are held to: pages of docs/reference, which are made of what the programs are, and
 * commands that readers copy. The tests of other modules use it, too.
 */
package dev.corvid.reference;
