package dev.corvid.seeder.unpack;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** A tar byte by byte: what no writer of a library would make. */
public final class RawTar {
  public static final int BLOCK = 512;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private boolean posix = true;

  /** Headers from here on are GNU's own, not POSIX's. */
  public RawTar gnu() {
    posix = false;
    return this;
  }

  RawTar posix() {
    posix = true;
    return this;
  }

  public RawTar file(String name, String text) {
    return file(name, bytes(text), 0644);
  }

  public RawTar file(String name, byte[] body, int mode) {
    return entry(header(name, '0', "", body.length, mode), body);
  }

  public RawTar directory(String name) {
    return entry(header(name, '5', "", 0, 0755), new byte[0]);
  }

  public RawTar link(String name, String text) {
    return entry(header(name, '2', text, 0, 0777), new byte[0]);
  }

  public RawTar hardLink(String name, String target) {
    return entry(header(name, '1', target, 0, 0644), new byte[0]);
  }

  public RawTar longName(String name) {
    return meta('L', bytes(name + '\0'));
  }

  public RawTar longLink(String text) {
    return meta('K', bytes(text + '\0'));
  }

  /** A pax header of pairs of keyword and value. */
  public RawTar pax(String... pairs) {
    return meta('x', records(pairs));
  }

  public RawTar globalPax(String... pairs) {
    return meta('g', records(pairs));
  }

  /**
   * A sparse file of GNU's old format: up to four regions in the header, the others in blocks.
   *
   * @param regions pairs of offset and length
   */
  public RawTar oldSparse(String name, long size, byte[] body, long... regions) {
    byte[] header = header(name, 'S', "", body.length, 0644);
    put(header, 257, "ustar  \0");
    regions(header, 386, 4, regions, 0);
    header[482] = (byte) (regions.length > 8 ? 1 : 0);
    put(header, 483, "%011o\0".formatted(size));
    bytes.writeBytes(summed(header));
    for (int at = 8; at < regions.length; at += 42) {
      var block = new byte[BLOCK];
      regions(block, 0, 21, regions, at);
      block[504] = (byte) (regions.length > at + 42 ? 1 : 0);
      bytes.writeBytes(block);
    }
    return body(body);
  }

  public RawTar entry(byte[] header, byte[] body) {
    bytes.writeBytes(summed(header));
    return body(body);
  }

  public RawTar raw(byte[] block) {
    bytes.writeBytes(block);
    return this;
  }

  public byte[] header(String name, char type, String link, long size, int mode) {
    var header = new byte[BLOCK];
    put(header, 0, name);
    put(header, 100, "%07o\0".formatted(mode));
    put(header, 108, "0000000\0");
    put(header, 116, "0000000\0");
    put(header, 124, "%011o\0".formatted(size));
    put(header, 136, "00000000000\0");
    header[156] = (byte) type;
    put(header, 157, link);
    put(header, 257, posix ? "ustar\00000" : "ustar  \0");
    return header;
  }

  public static void put(byte[] header, int at, String text) {
    byte[] field = bytes(text);
    System.arraycopy(field, 0, header, at, field.length);
  }

  public byte[] end() {
    var whole = new ByteArrayOutputStream();
    whole.writeBytes(bytes.toByteArray());
    whole.writeBytes(new byte[2 * BLOCK]);
    return whole.toByteArray();
  }

  private RawTar meta(char type, byte[] body) {
    return entry(header("././@LongLink", type, "", body.length, 0644), body);
  }

  private RawTar body(byte[] body) {
    bytes.writeBytes(body);
    bytes.writeBytes(new byte[Math.floorMod(-body.length, BLOCK)]);
    return this;
  }

  private static void regions(byte[] block, int at, int most, long[] regions, int from) {
    for (int i = 0; i < most && from + 2 * i < regions.length; i++) {
      put(block, at + 24 * i, "%011o\0".formatted(regions[from + 2 * i]));
      put(block, at + 24 * i + 12, "%011o\0".formatted(regions[from + 2 * i + 1]));
    }
  }

  private static byte[] records(String... pairs) {
    var records = new ByteArrayOutputStream();
    for (int i = 0; i < pairs.length; i += 2) {
      byte[] rest = bytes(" " + pairs[i] + "=" + pairs[i + 1] + "\n");
      int length = rest.length + 1;
      while (String.valueOf(length).length() + rest.length != length) {
        length = String.valueOf(length).length() + rest.length;
      }
      records.writeBytes(bytes(String.valueOf(length)));
      records.writeBytes(rest);
    }
    return records.toByteArray();
  }

  private static byte[] summed(byte[] header) {
    put(header, 148, "        ");
    int sum = 0;
    for (byte one : header) {
      sum += one & 0xff;
    }
    put(header, 148, "%06o\0 ".formatted(sum));
    return header;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
