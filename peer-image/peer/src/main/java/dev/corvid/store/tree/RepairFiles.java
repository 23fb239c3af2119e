package dev.corvid.store.tree;

import dev.corvid.store.disk.DataFile;
import dev.corvid.store.disk.OpenFileCache;
import dev.corvid.store.disk.TreeFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.BitSet;

/**
 * The files of a revision under repair: the damaged ones are written beside the tree, the others
 * are read in it, and what is written to them is dropped, because it is there already.
 *
 * @param damaged numbers of the damaged ones
 */
public record RepairFiles(TreeFiles placed, TreeFiles staged, BitSet damaged)
    implements OpenFileCache.Source {
  @Override
  public DataFile open(int file, boolean forWriting) throws IOException {
    if (damaged.get(file)) {
      return staged.open(file, true);
    }
    var whole = placed.open(file, false);
    return forWriting ? new Whole(whole) : whole;
  }

  /** Intact already: what is written to it is dropped. */
  private record Whole(DataFile file) implements DataFile {
    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
      return file.read(target, position);
    }

    @Override
    public void write(ByteBuffer data, long position) {
      data.position(data.limit());
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel target)
        throws IOException {
      return file.transferTo(position, count, target);
    }

    @Override
    public void copy(DataFile from, long fromPosition, long position, long count) {
      // is there already
    }

    @Override
    public void truncate(long size) {
      throw new UnsupportedOperationException("a finished file keeps its length");
    }

    @Override
    public ByteBuffer map() throws IOException {
      return file.map();
    }

    @Override
    public void sync() throws IOException {
      file.sync();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
