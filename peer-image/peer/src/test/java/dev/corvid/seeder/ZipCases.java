package dev.corvid.seeder;

import static dev.corvid.seeder.Case.archive;
import static dev.corvid.seeder.Case.bytes;
import static dev.corvid.seeder.Case.hex;
import static dev.corvid.seeder.Case.joined;
import static dev.corvid.seeder.Case.line;

import dev.corvid.seeder.unpack.Archives;
import dev.corvid.seeder.unpack.RawZip;
import dev.corvid.seeder.unpack.RawZip.Entry;
import dev.corvid.wire.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.zip.Zip64Mode;

/** Zips of Windows, of pipes, of installers, and what is wrong with some. */
final class ZipCases {
  private static final Entry A = Entry.of("a", "hello");
  private static final String HELLO = line("a", bytes("hello"));

  /** One block that is not compressed, as Deflate and Deflate64 have it alike. */
  private static final byte[] STORED_BLOCK = joined(hex("01 0500 faff"), bytes("hello"));

  private ZipCases() {}

  static List<Case> all() throws IOException {
    return Stream.of(writers(), names(), kinds(), damaged()).flatMap(List::stream).toList();
  }

  private static RawZip zip(Entry... entries) {
    var zip = new RawZip();
    for (var entry : entries) {
      zip.add(entry);
    }
    return zip;
  }

  private static Case right(String name, String what, Case.Bytes bytes) {
    return archive(name, what, bytes).becomes(HELLO);
  }

  private static Case refused(String name, String what, Case.Bytes bytes, String... words) {
    return archive(name, what, bytes).refused(Reason.InvalidContent, words);
  }

  private static List<Case> writers() throws IOException {
    byte[] plain = zip(A).end();
    return List.of(
        right("deflate64.zip", "Deflate64", zip(A.packed(9, STORED_BLOCK))::end),
        right("bzip2.zip", "bzip2", zip(A.packed(12, Archives.bzip2(bytes("hello"))))::end),
        right(
            "self-extracting.zip",
            "a script before the zip",
            () -> joined(bytes("#!/bin/sh\nexec unzip\n".repeat(40)), plain)),
        right("streamed.zip", "sizes stand behind the bytes", ZipCases::streamed),
        right(
            "zip64.zip",
            "64-bit fields though it is small",
            () ->
                Archives.zip(
                    zip -> {
                      zip.out().setUseZip64(Zip64Mode.Always);
                      zip.file("a", "hello", 0100644);
                    })),
        right("comment.zip", "a comment", zip(A).comment(bytes("PK\5\6 and more"))::end),
        right("utf8-flag.zip", "the flag for UTF-8", zip(A.flags(0x800))::end),
        archive(
                "links.zip",
                "a link and an executable file, made on Unix",
                zip(
                        A.unix(0100755),
                        Entry.of("l", "a").unix(0120777),
                        Entry.of("d/", "").unix(0040755))
                    ::end)
            .becomes("a* = hello", "d/", "l -> a"));
  }

  private static byte[] streamed() throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("a"));
      zip.write(bytes("hello"));
    }
    return bytes.toByteArray();
  }

  private static List<Case> names() {
    return List.of(
        archive(
                "backslashes.zip",
                "names with backslashes, made on FAT",
                zip(
                        Entry.of("folder\\sub\\", ""),
                        Entry.of("folder\\sub\\file.txt", "hello"),
                        Entry.of("folder\\other.txt", "hello"))
                    ::end)
            .becomes(
                line("folder/other.txt", bytes("hello")),
                line("folder/sub/file.txt", bytes("hello"))),
        archive(
                "backslash-unix.zip",
                "a backslash in a name, made on Unix",
                zip(Entry.of("back\\slash", "hello").unix(0100644))::end)
            .becomes(line("back\\slash", bytes("hello"))),
        archive(
                "cp437-names.zip",
                "a name in code page 437",
                zip(Entry.of(new byte[] {'c', 'a', 'f', (byte) 0x82}, bytes("hello")))::end)
            .becomes(line("caf\u00e9", bytes("hello"))),
        archive(
                "utf8-names.zip",
                "a name in UTF-8 without the flag",
                zip(Entry.of("模型", "hello"))::end)
            .becomes(line("模型", bytes("hello"))),
        refused(
            "latin1-names.zip",
            "a name in Latin-1, made on Unix",
            zip(Entry.of(new byte[] {'c', (byte) 0xe9}, bytes("hello")).unix(0100644))::end,
            "not UTF-8"),
        refused(
            "absolute.zip",
            "an absolute name of Windows",
            zip(Entry.of("\\windows\\x", "hello"))::end,
            "entry /windows/x has an absolute path"),
        refused(
            "dots.zip",
            "a name that climbs, with backslashes",
            zip(Entry.of("..\\..\\x", "hello"))::end,
            "entry ../../x leads out of the archive"),
        archive(
                "duplicate.zip",
                "a name twice",
                zip(Entry.of("a", "old"), Entry.of("a", "new"))::end)
            .becomes("a = new"),
        refused(
            "file-and-directory.zip",
            "a directory of the name of a file",
            zip(A, Entry.of("a/", ""))::end,
            "entry a",
            "not a directory"));
  }

  private static List<Case> kinds() {
    return List.of(
        refused(
            "lzma.zip",
            "a method that is not unpacked",
            zip(Entry.of("b", "hello"), A.packed(14, bytes("hello")))::end,
            "entry a is compressed by method 14",
            "stored, deflate, deflate64 and bzip2 are unpacked"),
        refused(
            "encrypted.zip",
            "a password",
            zip(A.flags(1))::end,
            "entry a is encrypted; pack it without a password"),
        refused(
            "device.zip",
            "a character device",
            zip(A.unix(0020666))::end,
            "entry a is a character device"),
        refused(
            "absolute-link.zip",
            "an absolute link",
            zip(A, Entry.of("l", "/etc/passwd").unix(0120777))::end,
            "'l' links to '/etc/passwd'",
            "spec.source.files.exclude"),
        refused("nothing.zip", "an empty zip", zip()::end, "the archive is empty"),
        refused("no-bytes.zip", "no byte", () -> new byte[0], "has no bytes"));
  }

  private static List<Case> damaged() {
    byte[] whole = zip(Entry.of("b", "x".repeat(5000)), A).end();
    byte[] bit = whole.clone();
    bit[100] ^= 1;
    byte[] inner = zip(A.packed(8, STORED_BLOCK)).end();
    return List.of(
        right("deflate.zip", "deflate", () -> inner),
        refused(
            "wrong-crc.zip",
            "a wrong CRC-32",
            () -> bit,
            "the archive is corrupt: the entry's CRC-32 does not match",
            "after the entry b"),
        refused(
            "wrong-size.zip",
            "an entry that is longer than the directory says",
            new RawZip().add(A.packed(8, STORED_BLOCK), RawZip.crc(bytes("hell")), 4)::end,
            "the archive is corrupt: the entry is longer",
            "after the entry a"),
        refused(
            "cut.zip",
            "cut off",
            () -> Arrays.copyOf(whole, whole.length - 60),
            "the archive is corrupt: there is no whole zip directory at the end"),
        refused(
            "cut-front.zip",
            "its first half is missing",
            () -> Arrays.copyOfRange(whole, 3000, whole.length),
            "the archive is corrupt"),
        refused(
            "page.zip",
            "an error as text",
            () -> bytes("Not found. ".repeat(10)),
            "the archive is corrupt",
            "not a zip at all"));
  }
}
