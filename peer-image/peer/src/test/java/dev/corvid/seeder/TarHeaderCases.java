package dev.corvid.seeder;

import static dev.corvid.seeder.Case.archive;
import static dev.corvid.seeder.Case.bytes;
import static dev.corvid.seeder.Case.line;

import dev.corvid.seeder.unpack.RawTar;
import dev.corvid.wire.Reason;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Tars as writers of all times and kinds make their headers, and tars that were cut off. */
final class TarHeaderCases {
  private static final String HELLO = "hello";
  private static final byte[] NONE = {};
  private static final int MEBIBYTE = 1 << 20;

  private TarHeaderCases() {}

  static List<Case> all() {
    return Stream.of(sparse(), fields(), numbers(), pax(), kinds(), ends())
        .flatMap(List::stream)
        .toList();
  }

  private static RawTar a() {
    return new RawTar().file("a", HELLO);
  }

  private static Case right(String name, String what, RawTar tar) {
    return archive(name, what, tar::end).becomes(hello());
  }

  private static String hello() {
    return line("a", bytes(HELLO));
  }

  private static Case refused(String name, String what, RawTar tar, String... words) {
    return archive(name, what, tar::end).refused(Reason.InvalidContent, words);
  }

  private static byte[] disk() {
    var disk = new byte[MEBIBYTE];
    Arrays.fill(disk, MEBIBYTE / 2, MEBIBYTE / 2 + 512, (byte) 'x');
    return disk;
  }

  private static List<Case> sparse() {
    byte[] data = bytes("x".repeat(512));
    byte[] map = Arrays.copyOf(bytes("2\n524288\n512\n1048576\n0\n"), 512);
    var size = String.valueOf(MEBIBYTE);
    return Stream.of(
            archive(
                "sparse-pax.tar",
                "a sparse file as bsdtar writes it on macOS: pax 1.0",
                a().pax(
                            "GNU.sparse.major", "1",
                            "GNU.sparse.minor", "0",
                            "GNU.sparse.name", "disk.img",
                            "GNU.sparse.realsize", size)
                        .file("GNUSparseFile.0/disk.img", Case.joined(map, data), 0644)
                    ::end),
            archive(
                "sparse-pax-01.tar",
                "pax 0.1: the map in one record",
                a().pax(
                            "GNU.sparse.size", size,
                            "GNU.sparse.numblocks", "1",
                            "GNU.sparse.name", "disk.img",
                            "GNU.sparse.map", "524288,512")
                        .file("GNUSparseFile.0/disk.img", data, 0644)
                    ::end),
            archive(
                "sparse-pax-00.tar",
                "pax 0.0: a record for each number",
                a().pax(
                            "GNU.sparse.size", size,
                            "GNU.sparse.numblocks", "1",
                            "GNU.sparse.offset", "524288",
                            "GNU.sparse.numbytes", "512")
                        .file("disk.img", data, 0644)
                    ::end),
            archive(
                "sparse-gnu.tar",
                "GNU's old format",
                a().oldSparse("disk.img", MEBIBYTE, data, MEBIBYTE / 2, 512)::end))
        .map(one -> one.becomes(hello(), line("disk.img", disk())))
        .toList();
  }

  /** A file called a whose header is changed. */
  private static RawTar with(int at, String field) {
    var tar = new RawTar();
    byte[] header = tar.header("a", '0', "", HELLO.length(), 0644);
    RawTar.put(header, at, field);
    return tar.entry(header, bytes(HELLO));
  }

  private static List<Case> fields() {
    var directory = new RawTar();
    directory.entry(directory.header("d/", '5', "", 1024, 0755), NONE).file("a", HELLO);
    var old = new RawTar();
    byte[] v7 = old.header("a", '\0', "", HELLO.length(), 0644);
    Arrays.fill(v7, 257, 512, (byte) 0);
    return List.of(
        right("blank-owner.tar", "uid and gid are blanks only", with(108, " ".repeat(16))),
        right("odd-time.tar", "a time that is no number", with(136, "yesterday  \0")),
        right("no-mode-but.tar", "a mode without leading zeros", with(100, "   644 \0")),
        right("v7.tar", "a header of Unix V7", old.entry(v7, bytes(HELLO))),
        right("contiguous.tar", "a contiguous file", typed('7', HELLO)),
        archive("directory-with-size.tar", "a directory with a size", directory::end)
            .becomes("d/", hello()),
        archive(
                "old-directory.tar",
                "a directory as a file whose name ends in a slash",
                a().file("d/", NONE, 0755)::end)
            .becomes("d/", hello()),
        archive(
                "executable.tar",
                "executable for others only, and setuid",
                new RawTar().file("b", NONE, 04001).file("a", bytes(HELLO), 0)::end)
            .becomes("b* = ", hello()),
        right(
            "prefix.tar",
            "GNU's header, which has times where POSIX has a prefix",
            new RawTar().gnu().entry(times(), bytes(HELLO))));
  }

  private static byte[] times() {
    byte[] header = new RawTar().gnu().header("a", '0', "", HELLO.length(), 0644);
    RawTar.put(header, 345, "14777777777\0");
    return header;
  }

  private static RawTar typed(char type, String text) {
    var tar = new RawTar();
    return tar.entry(tar.header("a", type, "", text.length(), 0644), bytes(text));
  }

  private static List<Case> numbers() {
    return List.of(
        right("base-256.tar", "a size in base 256", sized(0x80, HELLO.length())),
        refused(
            "size-negative.tar",
            "a size in base 256 below zero",
            sized(0xff, 0xff),
            "the archive is corrupt",
            "a number is missing, negative or too large"),
        archive(
                "size-octal-too-large.tar",
                "a size of eleven sevens, and no more bytes",
                with(124, "77777777777\0")::end)
            .refused(Reason.InsufficientDisk, "raise spec.seeder.scratch.sizeLimit", "the entry a"),
        refused(
            "size-no-number.tar",
            "a size that is no number",
            with(124, "5 bytes    \0"),
            "the archive is corrupt",
            "a number is missing"),
        refused(
            "pax-size-overflow.tar",
            "a pax size of more than 2^63",
            new RawTar().pax("size", "9223372036854775808").file("a", HELLO),
            "the archive is corrupt",
            "a pax header is malformed"));
  }

  /** In base 256: the first byte, those between, and the last. */
  private static RawTar sized(int first, int last) {
    var tar = new RawTar();
    byte[] header = tar.header("a", '0', "", 0, 0644);
    Arrays.fill(header, 124, 136, (byte) (first == 0xff ? 0xff : 0));
    header[124] = (byte) first;
    header[135] = (byte) last;
    return tar.entry(header, bytes(HELLO));
  }

  private static List<Case> pax() {
    return List.of(
        right(
            "pax-comment.tar",
            "pax records with line feed, NUL and binary in the value",
            new RawTar()
                .pax("comment", "two\nlines\0and \u0001", "SCHILY.xattr.user.x", "\0\1\n2")
                .file("a", HELLO)),
        right(
            "pax-empty-path.tar",
            "an empty pax path, which takes it back",
            new RawTar().pax("path", "").file("a", HELLO)),
        right(
            "pax-odd-times.tar",
            "times before 1970 and owners that are no numbers",
            new RawTar()
                .pax("mtime", "-1.5", "uid", "x", "SCHILY.fflags", "arch")
                .file("a", HELLO)),
        refused(
            "pax-absolute.tar",
            "a pax path that is absolute",
            new RawTar().pax("path", "/etc/passwd").file("a", HELLO),
            "entry /etc/passwd has an absolute path"),
        refused(
            "pax-cut.tar",
            "a pax record that is longer than its header",
            typed('x', "99 path=b\n").file("a", HELLO),
            "the archive is corrupt",
            "a pax header is malformed"),
        refused(
            "pax-global-path.tar",
            "a global header that names every file",
            new RawTar().globalPax("path", "b").file("a", HELLO),
            "a global pax header with path for all of its entries; pack it without"),
        right(
            "pax-global-comment.tar",
            "a global comment, as of git archive",
            new RawTar().globalPax("comment", "f".repeat(40)).file("a", HELLO)));
  }

  private static List<Case> kinds() {
    return List.of(
        right("volume.tar", "a volume's label", typed('V', "").file("a", HELLO)),
        refused(
            "device.tar",
            "a character device",
            typed('3', "").file("b", HELLO),
            "entry a is a character device",
            "only files, directories and links can be released",
            "spec.source.files.exclude"),
        archive(
                "pipe-excluded.tar",
                "a named pipe that is left out",
                typed('6', "").file("b", HELLO)::end)
            .exclude("a")
            .becomes(line("b", bytes(HELLO))),
        refused(
            "dump.tar",
            "a directory's listing of an incremental GNU tar",
            typed('D', "").file("b", HELLO),
            "entry a has type 0x44, which is no kind of file"),
        refused(
            "volumes.tar",
            "a file that began in another volume",
            typed('M', HELLO),
            "entry a has type 0x4d"));
  }

  private static Case cut(String name, String what, byte[] tar, String... words) {
    return archive(name, what, () -> tar).refused(Reason.InvalidContent, words);
  }

  private static List<Case> ends() {
    byte[] whole = a().end();
    byte[] long_ = new RawTar().file("a", HELLO).file("b", new byte[2000], 0644).end();
    byte[] changed = whole.clone();
    changed[1] ^= 1;
    return List.of(
        cut(
            "no-end-mark.tar",
            "a tar that ends behind its last entry",
            Arrays.copyOf(whole, 1024),
            "the archive is corrupt: the tar has no end mark; it was cut off, or never finished"),
        archive("one-zero-block.tar", "one block of zeros", () -> Arrays.copyOf(whole, 1536))
            .becomes(hello()),
        archive(
                "garbage-behind.tar",
                "bytes behind the end mark",
                () -> Case.joined(whole, bytes("--form-boundary--")))
            .becomes(hello()),
        cut(
            "cut-in-body.tar",
            "cut off within a file",
            Arrays.copyOf(long_, 2000),
            "the archive is corrupt: the tar ends within an entry; it was cut off",
            "after the entry b"),
        cut(
            "cut-in-header.tar",
            "cut off within a header",
            Arrays.copyOf(long_, 1100),
            "the archive is corrupt: the tar ends within a header; it was cut off"),
        cut(
            "changed-bit.tar",
            "a bit of a header is changed",
            changed,
            "the archive is corrupt: a header's checksum is wrong"),
        cut(
            "text.tar",
            "a text that is called .tar",
            bytes("Not found. ".repeat(100)),
            "the archive is corrupt",
            "not a tar at all"),
        cut("nothing.tar", "an empty tar", new byte[10240], "the archive is empty"));
  }
}
