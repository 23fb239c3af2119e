package dev.corvid.wire.grant;

import dev.corvid.wire.Require;

/** The namespace and name of a SwarmRelease; both are single path components by construction. */
public record ReleaseName(String namespace, String name) {
  public ReleaseName {
    Require.label(namespace, "namespace");
    Require.label(name, "name");
  }

  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}
