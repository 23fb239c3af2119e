package dev.corvid.seeder;

import static dev.corvid.seeder.Case.archive;
import static dev.corvid.seeder.Case.bytes;
import static dev.corvid.seeder.Case.hex;
import static dev.corvid.seeder.Case.joined;
import static dev.corvid.seeder.Case.line;

import com.github.luben.zstd.ZstdOutputStream;
import dev.corvid.seeder.unpack.Archives;
import dev.corvid.seeder.unpack.RawTar;
import dev.corvid.seeder.unpack.RawZip;
import dev.corvid.wire.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** What is around tars: members, frames, streams, windows; and names that do not fit the bytes. */
final class CompressedCases {
  private static final byte[] TAR = new RawTar().file("a", "hello").end();
  private static final String HELLO = line("a", bytes("hello"));

  /** A frame that is passed over, of three bytes. */
  private static final byte[] SKIPPED = hex("502a4d18 03000000 746f63");

  private CompressedCases() {}

  static List<Case> all() throws IOException {
    return Stream.of(gzip(), damagedGzip(), zstd(), others(), names(), bombs())
        .flatMap(List::stream)
        .toList();
  }

  private static Case right(String name, String what, Case.Bytes bytes) {
    return archive(name, what, bytes).becomes(HELLO);
  }

  private static Case refused(String name, String what, Case.Bytes bytes, String... words) {
    return archive(name, what, bytes).refused(Reason.InvalidContent, words);
  }

  private static List<Case> gzip() throws IOException {
    byte[] gzip = Archives.gzip(TAR);
    byte[] named = gzip.clone();
    named[3] = 0x1e; // header sum, extra field, name, comment
    byte[] headed =
        joined(
            Arrays.copyOf(named, 10),
            hex("0300 616263"),
            bytes("x.tar\0note\0"),
            headerSum(joined(Arrays.copyOf(named, 10), hex("0300 616263"), bytes("x.tar\0note\0"))),
            Arrays.copyOfRange(gzip, 10, gzip.length));
    return List.of(
        members(),
        right(
            "garbage-behind.tar.gz",
            "bytes behind the gzip member",
            () -> joined(gzip, bytes("\r\n--form-boundary--\r\n".repeat(20)))),
        right(
            "zeros-behind.tar.gz",
            "zeros behind it, as from a tape",
            () -> joined(gzip, new byte[10_000])),
        right("gzip-headers.tar.gz", "a name, a comment, an extra field and a sum", () -> headed),
        right(
            "empty-member.tar.gz",
            "an empty member before the tar, and behind it",
            () -> joined(Archives.gzip(new byte[0]), gzip, Archives.gzip(new byte[0]))));
  }

  private static byte[] headerSum(byte[] header) {
    long sum = RawZip.crc(header);
    return new byte[] {(byte) sum, (byte) (sum >>> 8)};
  }

  private static Case members() throws IOException {
    byte[] noise = Archives.noise(400 * 3000);
    var members = new ByteArrayOutputStream();
    var lines = new ArrayList<String>();
    for (int i = 0; i < 400; i++) {
      byte[] content = Arrays.copyOfRange(noise, i * 3000, (i + 1) * 3000);
      byte[] tar = new RawTar().file("f%03d".formatted(i), content, 0644).end();
      members.writeBytes(Archives.gzip(Arrays.copyOf(tar, tar.length - 1024)));
      lines.add(line("f%03d".formatted(i), content));
    }
    members.writeBytes(Archives.gzip(new byte[1024]));
    return archive("members.tar.gz", "400 gzip members, one for each entry", members::toByteArray)
        .becomes(lines.toArray(String[]::new));
  }

  private static List<Case> damagedGzip() throws IOException {
    byte[] gzip = Archives.gzip(Archives.noisyTar(10_000));
    byte[] sum = gzip.clone();
    sum[gzip.length - 8] ^= 1;
    byte[] bit = gzip.clone();
    bit[5000] ^= 1;
    return List.of(
        refused(
            "cut.tar.gz",
            "cut off within the compressed bytes",
            () -> Arrays.copyOf(gzip, 5000),
            "the archive is corrupt: its compressed bytes end too early; it was cut off"),
        refused(
            "cut-sum.tar.gz",
            "cut off within the sum at the end",
            () -> Arrays.copyOf(gzip, gzip.length - 3),
            "the archive is corrupt: its compressed bytes end too early"),
        refused(
            "wrong-sum.tar.gz",
            "a wrong CRC-32",
            () -> sum,
            "the archive is corrupt: a gzip member's CRC-32 or length does not match"),
        refused("changed-bit.tar.gz", "a bit is changed", () -> bit, "the archive is corrupt"));
  }

  private static List<Case> zstd() throws IOException {
    byte[] summed = summedZstd(TAR);
    byte[] wrong = summed.clone();
    wrong[wrong.length - 1] ^= 1;
    byte[] dictionary = Archives.zstdFrame(TAR, 17);
    byte[] withDictionary =
        joined(
            Arrays.copyOf(dictionary, 4),
            new byte[] {1, dictionary[5], 77},
            Arrays.copyOfRange(dictionary, 6, dictionary.length));
    return List.of(
        refused(
            "long-window.tar.zst",
            "zstd --long=31: a window of 2 GiB",
            () -> Archives.zstdFrame(TAR, 31),
            "compress it with --long=27 or less"),
        right("window-27.tar.zst", "zstd --long=27", () -> Archives.zstdFrame(TAR, 27)),
        right(
            "frames.tar.zst",
            "several frames with skippable ones between",
            () ->
                joined(
                    SKIPPED,
                    Archives.zstdFrame(Arrays.copyOf(TAR, 700), 17),
                    SKIPPED,
                    Archives.zstdFrame(Arrays.copyOfRange(TAR, 700, TAR.length), 17),
                    SKIPPED)),
        right("sum.tar.zst", "a checksum at the end", () -> summed),
        refused(
            "wrong-sum.tar.zst",
            "a wrong checksum at the end",
            () -> wrong,
            "the archive is corrupt"),
        refused(
            "cut.tar.zst",
            "cut off",
            () -> Arrays.copyOf(summed, summed.length / 2),
            "the archive is corrupt: its compressed bytes end too early"),
        refused(
            "garbage-behind.tar.zst",
            "bytes behind the last frame, which zstd does not take either",
            () -> joined(summed, bytes("--form-boundary--")),
            "the archive is corrupt: something that is not zstd stands where a zstd frame"),
        refused(
            "dictionary.tar.zst",
            "compressed with a dictionary of one's own",
            () -> withDictionary,
            "needs a zstd dictionary; compress it without one"));
  }

  private static byte[] summedZstd(byte[] plain) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var out = new ZstdOutputStream(bytes).setChecksum(true)) {
      out.write(plain);
    }
    return bytes.toByteArray();
  }

  private static List<Case> others() throws IOException {
    byte[] first = Arrays.copyOf(TAR, 700);
    byte[] rest = Arrays.copyOfRange(TAR, 700, TAR.length);
    byte[] bzip2 = Archives.bzip2(TAR);
    byte[] bit = bzip2.clone();
    bit[bzip2.length / 2] ^= 1;
    byte[] xz = Archives.xz(TAR, 1 << 20);
    return List.of(
        right("archive.tar.xz", "xz, with format: Auto", () -> xz),
        right(
            "streams.tar.xz",
            "two xz streams with padding between and behind",
            () ->
                joined(
                    Archives.xz(first, 1 << 20),
                    new byte[8],
                    Archives.xz(rest, 1 << 20),
                    new byte[4])),
        refused(
            "garbage-behind.tar.xz",
            "bytes behind the last stream",
            () -> joined(xz, bytes("--form-boundary--")),
            "the archive is corrupt: something that is not xz stands where an xz stream"),
        right(
            "garbage-behind.tar.bz2",
            "bytes behind the last stream, which bzip2 passes over",
            () -> joined(bzip2, bytes("--form-boundary--"))),
        refused(
            "large-dictionary.tar.xz",
            "a dictionary of 1 GiB",
            () -> Archives.xz(TAR, 1 << 30),
            "compress it with xz -9 or less"),
        right(
            "streams.tar.bz2",
            "two bzip2 streams (pbzip2)",
            () -> joined(Archives.bzip2(first), Archives.bzip2(rest))),
        refused(
            "cut.tar.bz2",
            "cut off",
            () -> Arrays.copyOf(bzip2, bzip2.length / 2),
            "the archive is corrupt: its compressed bytes end too early"),
        refused("changed-bit.tar.bz2", "a bit is changed", () -> bit, "the archive is corrupt"),
        archive("model.7z", "a kind of archive that is not unpacked", () -> TAR)
            .refused(Reason.InvalidSpec, "/model.7z", "write spec.source.unpack.format: None"),
        archive("model.tar.lz4", "the same within a tar", () -> TAR)
            .refused(Reason.InvalidSpec, "pack it as .tar.zst"),
        archive("packed.tar.gz", "format: None releases it as one file", () -> TAR)
            .format("None")
            .becomes(line("packed.tar.gz", TAR)));
  }

  private static List<Case> names() throws IOException {
    byte[] gzip = Archives.gzip(TAR);
    return List.of(
        refused(
            "plain.tar.gz",
            "a plain tar that is called .tar.gz",
            () -> TAR,
            "plain tar",
            "write spec.source.unpack.format: Tar"),
        refused(
            "gzipped.tar",
            "a gzipped tar that is called .tar",
            () -> gzip,
            "write spec.source.unpack.format: TarGz"),
        refused(
            "zip.tar.gz",
            "a zip that is called .tar.gz",
            () -> Archives.zip(zip -> zip.stored("a", bytes("hello"))),
            "write spec.source.unpack.format: Zip"),
        right("forced.bin", "any name, with the format in the spec", () -> gzip).format("TarGz"),
        refused("nothing.tar.gz", "no byte", () -> new byte[0], "has no bytes"));
  }

  private static List<Case> bombs() throws IOException {
    byte[] zeros = Archives.zeros(96 << 20);
    return List.of(
        archive("zeros.tar.gz", "96 MiB of zeros", () -> zeros)
            .becomes(line("zeros", new byte[96 << 20])),
        archive("bomb.tar.gz", "more zeros than scratch has room for, left out", () -> zeros)
            .exclude("zeros")
            .scratch(32 << 20)
            .refused(
                Reason.InsufficientDisk,
                "unpacks to more than scratch's 32Mi",
                "raise spec.seeder.scratch.sizeLimit"),
        archive(
                "many-names.tar.gz",
                "20,000 files with paths of 3,400 bytes",
                CompressedCases::many)
            .scratch(4L << 30)
            .once()
            .refused(
                Reason.InvalidContent,
                "the names of the content's files take more than 64Mi",
                "pack the small ones into an archive of their own"));
  }

  /** Packed as it is made: plain it is a hundred megabytes. */
  private static byte[] many() throws IOException {
    var bytes = new ByteArrayOutputStream();
    var directory = ("d".repeat(240) + "/").repeat(13);
    try (var gzip =
        new GZIPOutputStream(bytes, 1 << 16) {
          {
            def.setLevel(Deflater.BEST_SPEED);
          }
        }) {
      for (int i = 0; i < 20_000; i++) {
        byte[] one = new RawTar().longName(directory + "n".repeat(240) + i).file("n", "").end();
        gzip.write(one, 0, one.length - 1024);
      }
      gzip.write(new byte[1024]);
    }
    return bytes.toByteArray();
  }
}
