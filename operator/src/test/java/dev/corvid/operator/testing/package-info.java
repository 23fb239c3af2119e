/**
 * What the operator's tests run against: a real API server, and small stand-ins for what this
 * module may not depend on: the tracker, the nodes behind it, and the kubelet.
 */
package dev.corvid.operator.testing;
