/**
 * {@code make demo}: a release travels through a real cluster before the reader's eyes, and what it
 * took is measured, the plain way beside it. Tests do not depend on this.
 */
package dev.corvid.e2e.demo;
