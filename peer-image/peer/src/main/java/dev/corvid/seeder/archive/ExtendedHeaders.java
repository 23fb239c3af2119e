package dev.corvid.seeder.archive;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What stands before an entry's own header and overrides it: GNU's long names and pax records. Only
 * the keywords that matter are kept.
 */
final class ExtendedHeaders {
  private static final String SPARSE = "GNU.sparse.";
  private static final byte[] NONE = {};

  private final Map<String, byte[]> records = new HashMap<>();
  private final SparseMap.Builder regions = new SparseMap.Builder();
  private byte @Nullable [] longName;
  private byte @Nullable [] longLink;
  private long offset = -1;

  void longName(byte[] body) {
    longName = TarHeader.untilNul(body);
  }

  void longLink(byte[] body) {
    longLink = TarHeader.untilNul(body);
  }

  /** Records of the form {@code length keyword=value}, each with a line feed at its end. */
  void pax(byte[] body) throws ArchiveException {
    for (int at = 0; at < body.length; ) {
      int blank = at;
      int length = 0;
      while (blank < body.length && body[blank] != ' ') {
        int digit = body[blank] - '0';
        if (digit < 0 || digit > 9 || length > body.length) {
          throw malformed();
        }
        length = 10 * length + digit;
        blank++;
      }
      int end = at + length;
      if (blank == at || end > body.length || end <= blank + 1 || body[end - 1] != '\n') {
        throw malformed();
      }
      record(Arrays.copyOfRange(body, blank + 1, end - 1));
      at = end;
    }
  }

  private void record(byte[] record) throws ArchiveException {
    int equals = 0;
    while (equals < record.length && record[equals] != '=') {
      equals++;
    }
    if (equals == record.length) {
      throw malformed();
    }
    var keyword = new String(record, 0, equals, StandardCharsets.UTF_8);
    byte[] value = Arrays.copyOfRange(record, equals + 1, record.length);
    switch (keyword) {
      // These two alternate, once for each region.
      case "GNU.sparse.offset" -> offset = number(value);
      case "GNU.sparse.numbytes" -> {
        regions.add(offset, number(value));
        offset = -1;
      }
      case "GNU.sparse.map" -> regions.addList(text(value));
      case "path", "linkpath", "size", "SCHILY.realsize" -> records.put(keyword, value);
      default -> {
        if (keyword.startsWith(SPARSE)) {
          records.put(keyword, value);
        }
      }
    }
  }

  byte[] name(byte[] otherwise) {
    byte[] sparse = records.get("GNU.sparse.name");
    return sparse != null ? sparse : orElse("path", longName == null ? otherwise : longName);
  }

  byte[] link(byte[] otherwise) {
    return orElse("linkpath", longLink == null ? otherwise : longLink);
  }

  long size(long otherwise) throws ArchiveException {
    byte[] size = orElse("size", NONE);
    return size.length == 0 ? otherwise : number(size);
  }

  /** Any keyword that would be true of one entry only; empty if there is none. */
  String ofOneEntry() {
    return records.keySet().stream().sorted().findFirst().orElse(regions.isEmpty() ? "" : SPARSE);
  }

  boolean isSparse() {
    return !regions.isEmpty() || records.keySet().stream().anyMatch(ExtendedHeaders::isOfSparse);
  }

  private static boolean isOfSparse(String keyword) {
    return keyword.startsWith(SPARSE) || keyword.equals("SCHILY.realsize");
  }

  /** Whether the map stands before the bytes: GNU's format 1.0. */
  boolean hasMapInBody() {
    return version().equals("1.0");
  }

  /** Whether it is one of GNU's formats 0.0, 0.1 and 1.0. */
  boolean isKnownSparse() {
    return !records.containsKey("SCHILY.realsize")
        && (version().equals("1.0") || version().equals("0.0"));
  }

  private String version() {
    return text(orElse("GNU.sparse.major", new byte[] {'0'}))
        + "."
        + (hasMajor() ? text(orElse("GNU.sparse.minor", new byte[] {'0'})) : "0");
  }

  private boolean hasMajor() {
    return records.containsKey("GNU.sparse.major")
        && !text(records.get("GNU.sparse.major")).equals("0");
  }

  SparseMap.Builder regions() {
    return regions;
  }

  /** -1 if no record says it. */
  long realSize() throws ArchiveException {
    byte[] size = orElse("GNU.sparse.realsize", orElse("GNU.sparse.size", NONE));
    return size.length == 0 ? -1 : number(size);
  }

  /** An empty value takes a record back. */
  private byte[] orElse(String keyword, byte[] otherwise) {
    byte[] value = records.get(keyword);
    return value == null || value.length == 0 ? otherwise : value;
  }

  private static String text(byte[] value) {
    return new String(value, StandardCharsets.UTF_8);
  }

  static long number(byte[] value) throws ArchiveException {
    return number(text(value));
  }

  static long number(String digits) throws ArchiveException {
    try {
      if (!digits.startsWith("+") && !digits.startsWith("-")) {
        return Long.parseLong(digits);
      }
    } catch (NumberFormatException e) {
      // As below.
    }
    throw malformed();
  }

  private static ArchiveException malformed() {
    return new ArchiveException("a pax header is malformed");
  }
}
