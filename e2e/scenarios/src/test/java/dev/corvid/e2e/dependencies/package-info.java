/** What Corvid is built from: the document about it, and the bills of materials of its images. */
package dev.corvid.e2e.dependencies;
