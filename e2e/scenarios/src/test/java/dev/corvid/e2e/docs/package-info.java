/**
 * What the documents say of the repository itself: links, names of classes and packages, paths,
 * targets of make. What they say of the API and the chart is tested where that is.
 */
package dev.corvid.e2e.docs;
