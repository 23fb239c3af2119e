package dev.corvid.store;

import dev.corvid.store.disk.DataFile;
import dev.corvid.store.disk.DataInput;
import dev.corvid.store.disk.Tree;
import dev.corvid.store.manifest.ManifestReader;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;

/**
 * A finished revision whose files may become part of another one. Nothing about it is believed: it
 * may have been damaged, and may be removed meanwhile.
 *
 * @param revision for messages
 * @param manifest closed with this
 * @param tree closed with this
 */
record ReuseSource(String revision, DataFile manifest, Tree tree) implements Closeable {
  /** Every line of its manifest, from the first. */
  ManifestReader entries() throws IOException {
    return new ManifestReader(new BufferedInputStream(new DataInput(manifest), 64 << 10));
  }

  @Override
  public void close() throws IOException {
    try (manifest) {
      tree.close();
    }
  }

  @Override
  public String toString() {
    return revision;
  }
}
