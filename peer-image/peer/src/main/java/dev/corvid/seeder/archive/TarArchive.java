package dev.corvid.seeder.archive;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.jspecify.annotations.Nullable;

/**
 * A tar stream: v7, POSIX ustar and pax, and GNU's extensions for long names, large numbers and
 * sparse files. Where they leave room, headers mean what GNU tar takes them for; but checksums and
 * the end mark are demanded.
 */
public final class TarArchive implements Archive {
  private static final byte VOLUME_LABEL = 'V';

  /** Few entries have more than three. */
  private static final int MAX_HEADERS = 16;

  private static final int MAX_METADATA_BYTES = 1 << 20;
  private static final int MAX_GLOBAL_BYTES = 1 << 16;

  private final TarBlocks blocks;
  private InputStream body;
  private long metadataLeft;
  private long globalBytes;
  private boolean ended;

  /**
   * @param in the tar's bytes, uncompressed; closed with this
   */
  public TarArchive(InputStream in) {
    this.blocks = new TarBlocks(in);
    this.body = blocks;
  }

  @Override
  public Optional<Entry> next() throws IOException {
    var extended = new ExtendedHeaders();
    metadataLeft = MAX_METADATA_BYTES;
    for (int headers = 1; !ended; headers++) {
      byte[] block = blocks.header();
      if (isZero(block)) {
        ended = true;
        break;
      }
      if (headers > MAX_HEADERS) {
        throw new ArchiveException("an entry has more than %d headers".formatted(MAX_HEADERS));
      }
      var header = TarHeader.of(block);
      switch (header.type()) {
        case TarConstants.LF_GNUTYPE_LONGNAME -> extended.longName(metadata(header));
        case TarConstants.LF_GNUTYPE_LONGLINK -> extended.longLink(metadata(header));
        case TarConstants.LF_PAX_EXTENDED_HEADER_LC, TarConstants.LF_PAX_EXTENDED_HEADER_UC ->
            extended.pax(metadata(header));
        case TarConstants.LF_PAX_GLOBAL_EXTENDED_HEADER -> global(header);
        case VOLUME_LABEL -> blocks.body(header.size());
        default -> {
          return Optional.of(entry(header, extended));
        }
      }
    }
    return Optional.empty();
  }

  private byte[] metadata(TarHeader header) throws IOException {
    charge(header.size());
    blocks.body(header.size());
    return blocks.whole((int) header.size());
  }

  private void charge(long bytes) throws ArchiveException {
    if (bytes > metadataLeft) {
      throw new ArchiveException(
          "an entry's name and pax headers have more than %,d bytes".formatted(MAX_METADATA_BYTES));
    }
    metadataLeft -= bytes;
  }

  /** Git's comment, say. What it says of all entries is looked at for what only one can have. */
  private void global(TarHeader header) throws IOException {
    if (header.size() > MAX_GLOBAL_BYTES - globalBytes) {
      throw new ArchiveException(
          "the tar's global pax headers have more than %,d bytes".formatted(MAX_GLOBAL_BYTES));
    }
    globalBytes += header.size();
    var global = new ExtendedHeaders();
    global.pax(metadata(header));
    if (!global.ofOneEntry().isEmpty()) {
      throw new RefusedArchiveException(
          "the tar has a global pax header with %s for all of its entries; pack it without"
              .formatted(global.ofOneEntry()));
    }
  }

  private Entry entry(TarHeader header, ExtendedHeaders extended) throws IOException {
    var name = EntryText.of(extended.name(header.name()));
    var type = type(header.type(), name);
    long stored = 0;
    // Only files have bytes, whatever else repeats a size; and what is unknown (POSIX, pax).
    if (type.isEmpty() || type.get() == Entry.Type.FILE) {
      stored = extended.size(header.size());
      if (header.type() == TarConstants.LF_GNUTYPE_SPARSE) {
        oldRegions(header, extended.regions(), name);
      }
      blocks.body(stored);
      body = blocks;
    }
    try {
      // From here on it is known where the next header stands.
      return entry(header, extended, type.orElseThrow(() -> unknown(header, name)), name, stored);
    } catch (ArchiveException e) {
      return Entry.faulty(name, e);
    }
  }

  private Entry entry(
      TarHeader header, ExtendedHeaders extended, Entry.Type type, String name, long stored)
      throws IOException {
    boolean linked = type == Entry.Type.SYMBOLIC_LINK || type == Entry.Type.HARD_LINK;
    var target = linked ? EntryText.of(extended.link(header.link())) : "";
    long size = stored;
    boolean old = header.type() == TarConstants.LF_GNUTYPE_SPARSE;
    if (type == Entry.Type.FILE && (old || extended.isSparse())) {
      var map =
          old
              ? oldMap(header, extended.regions(), stored, name)
              : paxMap(header, extended, stored, name);
      body = new SparseBody(blocks, map);
      size = map.size();
    }
    return new Entry(type, name, target, size, header.executable(), null);
  }

  /** The rest of the map, between the header and the bytes. */
  private void oldRegions(TarHeader header, SparseMap.Builder map, String name) throws IOException {
    if (!header.isGnu()) {
      if (header.mayContinue()) {
        throw unknownSparse(name);
      }
      return;
    }
    map.clear();
    header.addRegions(map);
    blocks.body(0);
    for (boolean more = header.hasMoreRegions(); more; ) {
      charge(TarBlocks.SIZE);
      byte[] block = blocks.header();
      TarHeader.addRegions(block, 0, 21, map);
      more = block[504] != 0;
    }
  }

  private static SparseMap oldMap(
      TarHeader header, SparseMap.Builder regions, long stored, String name)
      throws ArchiveException {
    if (!header.isGnu()) {
      throw unknownSparse(name);
    }
    return checked(regions.build(header.realSize(), stored), name);
  }

  private SparseMap paxMap(TarHeader header, ExtendedHeaders extended, long stored, String name)
      throws IOException {
    // To GNU tar it would be no sparse file with a header of its own format.
    if (!header.isPosix() || !extended.isKnownSparse()) {
      throw unknownSparse(name);
    }
    var map = extended.regions();
    var inBody = new long[1];
    if (extended.hasMapInBody()) {
      try {
        map.addLines(
            () -> {
              charge(TarBlocks.SIZE);
              inBody[0] += TarBlocks.SIZE;
              return blocks.block();
            });
      } catch (ArchiveException e) {
        throw new ArchiveException(badMap(name), e);
      }
    }
    return checked(map.build(extended.realSize(), stored - inBody[0]), name);
  }

  private static SparseMap checked(@Nullable SparseMap map, String name) throws ArchiveException {
    if (map == null) {
      throw new ArchiveException(badMap(name));
    }
    if (map.isAmbiguous()) {
      throw unknownSparse(name);
    }
    return map;
  }

  private static String badMap(String name) {
    return "the entry %s is a sparse file whose map of holes is malformed"
        .formatted(EntryText.shown(name));
  }

  private static RefusedArchiveException unknownSparse(String name) {
    return new RefusedArchiveException(
        "the archive's entry %s is a sparse file of a kind that is not unpacked; pack it without holes, or by GNU tar"
            .formatted(EntryText.shown(name)));
  }

  /** Empty for one that is not known. */
  private static Optional<Entry.Type> type(byte type, String name) {
    return Optional.ofNullable(
        switch (type) {
          case TarConstants.LF_NORMAL,
              TarConstants.LF_OLDNORM,
              TarConstants.LF_CONTIG,
              TarConstants.LF_GNUTYPE_SPARSE ->
              name.endsWith("/") ? Entry.Type.DIRECTORY : Entry.Type.FILE;
          case TarConstants.LF_LINK -> Entry.Type.HARD_LINK;
          case TarConstants.LF_SYMLINK -> Entry.Type.SYMBOLIC_LINK;
          case TarConstants.LF_CHR -> Entry.Type.CHARACTER_DEVICE;
          case TarConstants.LF_BLK -> Entry.Type.BLOCK_DEVICE;
          case TarConstants.LF_DIR -> Entry.Type.DIRECTORY;
          case TarConstants.LF_FIFO -> Entry.Type.FIFO;
          default -> null;
        });
  }

  private static RefusedArchiveException unknown(TarHeader header, String name) {
    return new RefusedArchiveException(
        "the archive's entry %s has type 0x%02x, which is no kind of file that Corvid knows"
            .formatted(EntryText.shown(name), header.type()));
  }

  private static boolean isZero(byte[] block) {
    for (byte one : block) {
      if (one != 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  public InputStream body() {
    return body;
  }

  @Override
  public void close() throws IOException {
    blocks.close();
  }
}
