/**
 * What is released in tests and in the demo: trees made from a seed, archives of them (bad ones
 * too), and what a tree on a node is compared with. Nothing here knows of Kubernetes or HTTP.
 */
package dev.corvid.e2e.content;
