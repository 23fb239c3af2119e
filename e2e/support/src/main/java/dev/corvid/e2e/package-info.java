/**
 * The whole of Corvid on real clusters: what tests and the demo use to run and to question one.
 * What is below may use the contract (crds) and a Kubernetes client, never the classes of the
 * operator or of the peer image: those are met as their users meet them.
 */
package dev.corvid.e2e;
