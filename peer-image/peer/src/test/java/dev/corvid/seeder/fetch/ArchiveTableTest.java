package dev.corvid.seeder.fetch;

import static dev.corvid.seeder.Case.joined;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.seeder.error.SourceException;
import dev.corvid.seeder.unpack.Archives;
import dev.corvid.seeder.unpack.RawTar;
import dev.corvid.seeder.unpack.RawZip;
import dev.corvid.wire.seeder.SeederTask;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The table of docs/archives.md: each row has a case here, and each case a row. */
class ArchiveTableTest {
  private static final Path TABLE = Path.of("../../docs/archives.md");
  private static final Pattern ROW = Pattern.compile("\\| ([a-z0-9-]+) \\| (.+) \\| (.+) \\|");
  private static final long SCRATCH = 4L << 20;

  /** Of no compression's format, and longer than any header. */
  private static final byte[] TRAILING = bytes("\r\n--form-boundary--\r\n".repeat(20));

  @TempDir Path scratch;
  private SourceServer server;

  /** An archive under the name that its URL ends in. */
  private record Sample(String name, byte[] bytes) {}

  @BeforeEach
  void create() {
    server = new SourceServer();
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void hasACaseForEachRowAndARowForEachCase() throws Exception {
    assertThat(cases().keySet()).containsExactlyElementsOf(rows().keySet());
  }

  @TestFactory
  Stream<DynamicTest> rowsHold() throws Exception {
    var rows = rows();
    return cases().entrySet().stream()
        .map(
            row ->
                DynamicTest.dynamicTest(
                    row.getKey(), () -> holds(rows.get(row.getKey()), row.getValue())));
  }

  private void holds(String becomes, List<Sample> cases) throws Exception {
    int number = 0;
    for (var one : cases) {
      var path = "/" + number++ + "/" + one.name();
      server.serve(path, one.bytes());
      var fixture = new FetchFixture(Files.createTempDirectory(scratch, "case"), server.url(path));
      fixture.scratchBytes = SCRATCH;
      fixture.files = new SeederTask.Files(List.of(), List.of("excluded"));
      if (becomes.startsWith("unpacked")) {
        assertThat(fixture.fetch().tree().files()).as(one.name()).isPositive();
      } else {
        var words = becomes.substring("refused: ".length()).split("; ");
        assertThatThrownBy(fixture::fetch)
            .as(one.name())
            .isInstanceOf(SourceException.class)
            .satisfies(
                e -> {
                  assertThat(words).anyMatch(e.getMessage()::contains);
                  assertThat(e.getMessage().contains("corrupt"))
                      .as(e.getMessage())
                      .isEqualTo(becomes.contains("corrupt"));
                });
      }
    }
  }

  private static Map<String, String> rows() throws IOException {
    var rows = new LinkedHashMap<String, String>();
    for (var line : Files.readAllLines(TABLE)) {
      var row = ROW.matcher(line);
      if (row.matches() && !row.group(1).equals("row")) {
        rows.put(row.group(1), row.group(3));
      }
    }
    return rows;
  }

  private static Map<String, List<Sample>> cases() throws IOException {
    var cases = new LinkedHashMap<String, List<Sample>>();
    compressed(cases);
    zips(cases);
    wholes(cases);
    entries(cases);
    refusedEntries(cases);
    leftOut(cases);
    names(cases);
    return cases;
  }

  private static void compressed(Map<String, List<Sample>> cases) throws IOException {
    byte[] plain = file().end();
    cases.put("tar", List.of(new Sample("x.tar", plain)));
    cases.put(
        "tar-gz",
        List.of(
            new Sample("x.tar.gz", Archives.gzip(plain)),
            new Sample("x.tgz", Archives.gzip(plain)),
            new Sample("x.tar.gz", emptyMembers(20_000, plain)),
            new Sample("x.tar.gz", joined(Archives.gzip(plain), TRAILING))));
    cases.put(
        "tar-zst",
        List.of(
            new Sample("x.tar.zst", Archives.zstd(plain)),
            new Sample("x.tzst", Archives.zstdFrame(plain, 27))));
    cases.put("tar-zst-window", List.of(new Sample("x.tar.zst", Archives.zstdFrame(plain, 28))));
    cases.put(
        "tar-bz2",
        List.of(
            new Sample("x.tbz2", Archives.bzip2(plain)),
            new Sample("x.tar.bz2", joined(Archives.bzip2(plain), TRAILING))));
    cases.put("tar-xz", List.of(new Sample("x.tar.xz", Archives.xz(plain, 64 << 20))));
    cases.put("tar-xz-dictionary", List.of(new Sample("x.txz", Archives.xz(plain, 128 << 20))));
    byte[] xz = Archives.xz(plain, 1 << 12);
    cases.put(
        "trailing",
        List.of(
            new Sample("x.tar.xz", joined(xz, TRAILING)),
            new Sample("x.tar.xz", joined(xz, bytes("--form--"))),
            new Sample("x.tar.xz", joined(xz, new byte[6])),
            new Sample("x.tar.zst", joined(Archives.zstd(plain), TRAILING)),
            new Sample("x.tar.zst", joined(Archives.zstd(plain), bytes("--")))));
  }

  private static void zips(Map<String, List<Sample>> cases) throws IOException {
    byte[] zip = Archives.zip(z -> z.stored("s", bytes("x")));
    int record = new String(zip, StandardCharsets.ISO_8859_1).indexOf("PK\u0001\u0002");
    byte[] encrypted = zip.clone();
    encrypted[record + 8] |= 1;
    byte[] lzma = zip.clone();
    lzma[record + 10] = 14;
    byte[] windows = Archives.zip(z -> z.stored("dir|file", bytes("x")));
    for (int i = 0; i < windows.length; i++) {
      windows[i] = windows[i] == '|' ? (byte) '\\' : windows[i];
    }
    byte[] named =
        Archives.zip(
            z -> {
              z.out().setUseLanguageEncodingFlag(false);
              z.out().setEncoding("Cp437");
              z.stored("caf\u00e9", bytes("x"));
            });
    cases.put("zip", List.of(new Sample("x.zip", zip)));
    cases.put("zip-method", List.of(new Sample("x.zip", lzma)));
    cases.put("zip-encrypted", List.of(new Sample("x.zip", encrypted)));
    cases.put("zip-backslash", List.of(new Sample("x.zip", windows)));
    cases.put("zip-names", List.of(new Sample("x.zip", named)));
  }

  private static void wholes(Map<String, List<Sample>> cases) throws IOException {
    byte[] plain = file().end();
    cases.put(
        "other-archive",
        Stream.of(
                "7z rar lz4 lz lzma lzo Z ace arj cab cpio t7z zipx 7z.001 zip.001 z01 r00"
                    + " tar.zstd tzstd tar.gzip tar.bzip2 tar.lz5 tar.gz.001 tar.00")
            .flatMap(suffixes -> Stream.of(suffixes.split(" ")))
            .map(suffix -> new Sample("x." + suffix, plain))
            .toList());
    cases.put(
        "belied",
        List.of(new Sample("x.tar.gz", plain), new Sample("x.tar", Archives.gzip(plain))));
    cases.put(
        "no-bytes", List.of(new Sample("x.tar.gz", new byte[0]), new Sample("x.zip", new byte[0])));
    cases.put(
        "impostor",
        List.of(
            new Sample("x.tar.gz", bytes("<!doctype html><p>no")),
            new Sample("x.zip", bytes("<!doctype html><p>no")),
            new Sample(
                "x.tar",
                bytes(
                    "version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize 1\n"
                        .formatted("0".repeat(64)))),
            new Sample("x.tar.zst", bytes("{\"error\": 404}"))));
    cases.put(
        "belied-within",
        List.of(
            new Sample("x.tar.gz", Archives.gzip(Archives.gzip(plain))),
            new Sample("x.tar.zst", Archives.zstd(Archives.zip(z -> z.stored("s", bytes("x")))))));
    cases.put("empty", List.of(new Sample("x.tar", new RawTar().end())));
    cases.put(
        "nothing-left",
        List.of(
            tar(new RawTar().directory("d").link("l", "d")),
            tar(new RawTar().file("excluded", "x"))));
    byte[] gzip = Archives.gzip(plain);
    cases.put(
        "cut-off",
        List.of(
            new Sample("x.tar", Arrays.copyOf(plain, 1024)),
            new Sample("x.tar.gz", Arrays.copyOf(gzip, gzip.length - 20))));
    byte[] changed = plain.clone();
    changed[1] ^= 1;
    cases.put("bits", List.of(new Sample("x.tar", changed)));
  }

  private static void entries(Map<String, List<Sample>> cases) {
    cases.put("file", List.of(tar(file()), tar(new RawTar().file("a\uFFFD", "x"))));
    cases.put(
        "sparse", List.of(tar(new RawTar().oldSparse("s", 9000, bytes("x"), 5000, 1, 9000, 0))));
    cases.put(
        "sparse-other",
        List.of(
            tar(new RawTar().pax("GNU.sparse.major", "2").file("s", "x")),
            tar(new RawTar().oldSparse("s", 9, bytes("xy"), 1, 1, 5, 1))));
    cases.put("directory", List.of(tar(file().directory("d"))));
    cases.put("link", List.of(tar(file().link("d/l", "../f"))));
    cases.put(
        "link-out",
        List.of(
            tar(file().link("l", "/etc/passwd")),
            tar(file().link("l", "../x")),
            tar(file().link("l", "d/../x"))));
    cases.put(
        "hard-link", List.of(tar(file().link("l", "f").hardLink("a", "f").hardLink("b", "l"))));
    cases.put("hard-link-later", List.of(tar(file().hardLink("a", "b").file("b", "x"))));
    cases.put(
        "hard-link-excluded", List.of(tar(file().file("excluded", "x").hardLink("a", "excluded"))));
    cases.put("duplicate", List.of(tar(file().file("f", "y").link("l", "f").link("l", "f"))));
  }

  private static void refusedEntries(Map<String, List<Sample>> cases) {
    cases.put(
        "duplicate-kind",
        List.of(
            tar(file().link("f", "x")),
            tar(file().link("l", "f").file("l", "x")),
            tar(file().file("d/f", "x").file("d", "x"))));
    cases.put("below-file", List.of(tar(file().file("f/x", "x")), tar(file().directory("f"))));
    cases.put(
        "device",
        Stream.of(TarConstants.LF_CHR, TarConstants.LF_BLK, TarConstants.LF_FIFO)
            .map(type -> tar(typed((char) type.byteValue())))
            .toList());
    cases.put("unknown-type", List.of(tar(typed('Z'))));
    cases.put("global-path", List.of(tar(new RawTar().globalPax("path", "x").file("f", "x"))));
  }

  private static void leftOut(Map<String, List<Sample>> cases) {
    byte[] latin1 = file().header("excluded/caf", '0', "", 0, 0644);
    latin1[12] = (byte) 0xe9;
    byte[] acl = file().header("excluded", 'A', "", 700, 0644);
    cases.put(
        "left-out",
        List.of(
            tar(file().entry(acl, new byte[700]).file("g", "x")),
            tar(file().entry(latin1, new byte[0])),
            tar(file().file("/excluded", "x")),
            tar(file().file("../excluded", "x")),
            tar(file().longName("excluded/" + "n".repeat(5000)).file("n", "x")),
            tar(file().pax("SCHILY.realsize", "9").file("excluded", "x").file("g", "x")),
            tar(file().oldSparse("excluded", 9, bytes("xy"), 1, 1, 5, 1).file("g", "x")),
            zip(RawZip.Entry.of("excluded", "x").unix(0170644)),
            zip(RawZip.Entry.of("excluded", "x").unix(0120777).flags(1)),
            zip(RawZip.Entry.of("excluded", "x".repeat(5000)).unix(0120777))));
  }

  private static Sample zip(RawZip.Entry entry) {
    return new Sample("x.zip", new RawZip().add(entry).add("f", "hello").end());
  }

  private static void names(Map<String, List<Sample>> cases) {
    cases.put("absolute", List.of(tar(file().file("/etc/x", "x"))));
    cases.put("dot-dot", List.of(tar(file().file("d/../../x", "x"))));
    var raw = new RawTar();
    byte[] header = raw.header("caf", '0', "", 0, 0644);
    header[3] = (byte) 0xe9;
    cases.put("not-utf8", List.of(tar(raw.entry(header, new byte[0]))));
    cases.put(
        "long-path", List.of(tar(new RawTar().longName("d/".repeat(1750) + "f").file("f", "x"))));
    cases.put("long-link", List.of(tar(file().longLink("t/".repeat(511) + "tt").link("l", "t"))));
    cases.put(
        "scratch",
        List.of(
            tar(new RawTar().oldSparse("s", 1 << 30, new byte[0], 1 << 30, 0)),
            new Sample("x.tar.gz", excludedZeros()),
            new Sample("x.tar", joined(file().end(), new byte[5 << 20])),
            new Sample("x.tar.gz", joined(packed(), Archives.noise(5 << 20))),
            tar(directories(10))));
  }

  private static byte[] packed() {
    try {
      return Archives.gzip(file().end());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Each an empty file below more than a hundred directories, of a block at least. */
  private static RawTar directories(int chains) {
    var tar = new RawTar();
    for (int i = 0; i < chains; i++) {
      tar.longName("d" + i + "/d".repeat(125) + "/f").file("f", "");
    }
    return tar;
  }

  private static byte[] emptyMembers(int count, byte[] last) throws IOException {
    byte[] empty = Archives.gzip(new byte[0]);
    var members = new ByteArrayOutputStream();
    for (int i = 0; i < count; i++) {
      members.writeBytes(empty);
    }
    members.writeBytes(Archives.gzip(last));
    return members.toByteArray();
  }

  private static byte[] excludedZeros() {
    try {
      return Archives.gzip(file().file("excluded", new byte[8 << 20], 0644).end());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static RawTar file() {
    return new RawTar().file("f", "hello");
  }

  private static RawTar typed(char type) {
    var tar = file();
    return tar.entry(tar.header("e", type, "", 0, 0644), new byte[0]);
  }

  private static Sample tar(RawTar tar) {
    return new Sample("x.tar", tar.end());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
