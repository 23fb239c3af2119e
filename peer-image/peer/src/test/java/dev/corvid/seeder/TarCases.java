package dev.corvid.seeder;

import static dev.corvid.seeder.Case.archive;
import static dev.corvid.seeder.Case.bytes;
import static dev.corvid.seeder.Case.line;

import dev.corvid.seeder.unpack.RawTar;
import dev.corvid.wire.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Tars and what is in them: hard links, names, files that come twice. */
final class TarCases {
  private static final String HELLO = "hello";

  private TarCases() {}

  static List<Case> all() {
    return Stream.of(hardLinks(), included(), twice(), selected(), odd(), refusedNames(), long_())
        .flatMap(List::stream)
        .toList();
  }

  private static RawTar a() {
    return new RawTar().file("a", HELLO);
  }

  private static Case tar(String name, String what, RawTar tar) {
    return archive(name, what, tar::end);
  }

  private static Case refused(String name, String what, RawTar tar, String... words) {
    return tar(name, what, tar).refused(Reason.InvalidContent, words);
  }

  private static String hello(String path) {
    return line(path, bytes(HELLO));
  }

  private static List<Case> hardLinks() {
    var sized = new RawTar().file("a", "x".repeat(50));
    sized.entry(sized.header("b", '1', "a", 50, 0644), new byte[0]).file("c", HELLO);
    return List.of(
        tar(
                "hardlink-to-symlink.tar",
                "a hard link whose target is a symbolic link",
                a().link("b", "a").hardLink("c", "b"))
            .becomes(hello("a"), "b -> a", "c -> a"),
        tar(
                "hardlink-to-itself.tar",
                "a file, then a hard link of that name to itself",
                a().hardLink("a", "a").hardLink("./a", "a"))
            .becomes(hello("a")),
        refused(
            "hardlink-before-target.tar",
            "a hard link before the file that it names",
            new RawTar().hardLink("b", "a").file("a", HELLO),
            "entry b is a hard link to a, which does not come before it"),
        tar("hardlink-with-size.tar", "a hard link that repeats the size", sized)
            .becomes(
                line("a", bytes("x".repeat(50))), line("b", bytes("x".repeat(50))), hello("c")),
        tar(
                "hardlink-chain.tar",
                "hard links to hard links",
                a().hardLink("b", "a").hardLink("d/c", "b").hardLink("e", "d/c"))
            .becomes(hello("a"), hello("b"), hello("d/c"), hello("e")),
        refused(
            "hardlink-to-directory.tar",
            "a hard link to a directory",
            a().directory("d").hardLink("e", "d"),
            "entry e is a hard link to d, which is a directory"),
        refused(
            "hardlink-absolute.tar",
            "a hard link to an absolute name",
            a().hardLink("b", "/etc/passwd"),
            "entry b is a hard link to /etc/passwd",
            "has an absolute path"),
        refused(
            "hardlink-through-link.tar",
            "a hard link below a symbolic link",
            a().link("l", "d").hardLink("b", "l/x"),
            "entry b is a hard link to l/x"),
        refused(
                "hardlink-excluded.tar",
                "a hard link to what is left out",
                a().file("skip", HELLO).hardLink("b", "skip"),
                "entry b is a hard link to skip, which is left out")
            .exclude("skip"),
        refused(
                "hardlink-not-included.tar",
                "a hard link to what is not included",
                a().file("skip", HELLO).hardLink("b", "skip"),
                "entry b is a hard link to skip, which is left out")
            .include("a", "b"));
  }

  private static List<Case> included() {
    return List.of(
        tar(
                "included.tar",
                "only what matches, with the directories above it",
                a().directory("d/")
                    .file("d/x.md", HELLO)
                    .directory("e/")
                    .file("d/y", HELLO)
                    .link("z.md", "a"))
            .include("*.md")
            .becomes(hello("d/x.md"), "z.md -> a"),
        tar(
                "included-directory.tar",
                "an empty directory that matches, and one that does not",
                a().directory("d/").directory("e/"))
            .include("a", "e")
            .becomes(hello("a"), "e/"),
        tar("included-and-excluded.tar", "exclude wins", a().file("d/x", HELLO).file("d/y", HELLO))
            .include("d")
            .exclude("y")
            .becomes(hello("d/x")),
        refused(
                "included-nothing.tar",
                "an include that takes nothing",
                a().directory("d"),
                "the archive holds no file that spec.source.files.include (*.md, d) leaves")
            .include("*.md", "d"));
  }

  private static List<Case> twice() {
    return List.of(
        tar(
                "duplicate-file.tar",
                "the same file twice, with other content",
                new RawTar().file("a", "old").file("b", HELLO).file("a", "new"))
            .becomes(line("a", bytes("new")), hello("b")),
        tar(
                "duplicate-executable.tar",
                "the later of two may execute",
                a().file("a", bytes(HELLO), 0755).link("l", "x").link("l", "a"))
            .becomes(hello("a*"), "l -> a"),
        tar("duplicate-dot.tar", "the same by way of ./ and //", a().file("./a", "new"))
            .becomes(line("a", bytes("new"))),
        refused(
            "file-and-directory.tar",
            "a directory in the place of a file",
            a().directory("a"),
            "entry a is below, or in the place of, something that is not a directory"),
        refused(
            "directory-and-file.tar",
            "a file in the place of a directory",
            a().directory("d").file("d", HELLO),
            "entry d is a file, but an earlier one of that name is a directory",
            "only what is of the same kind is replaced",
            "spec.source.files.exclude"),
        refused(
            "file-and-link.tar",
            "a link in the place of a file",
            a().link("a", "b"),
            "entry a is a link, but an earlier one of that name is a file"),
        tar(
                "case-twins.tar",
                "names that differ in case only",
                new RawTar().file("README", "1").file("readme", "2").file("Readme/x", "3"))
            .becomes("README = 1", "Readme/x = 3", "readme = 2"),
        tar(
                "normal-forms.tar",
                "one name in two normal forms of Unicode",
                new RawTar().file("caf\u00e9", "1").file("cafe\u0301", "2"))
            .becomes("caf\u00e9 = 1", "cafe\u0301 = 2"),
        tar("two-tars.tar", "two tars, one behind the other: tar ends at the first", twoTars())
            .becomes(hello("a")));
  }

  private static RawTar twoTars() {
    return a().raw(new byte[1024]).file("b", HELLO);
  }

  private static List<Case> selected() {
    return List.of(
        tar(
                "dot-slash.tar",
                "all names begin with ./, and stripComponents: 1",
                new RawTar()
                    .directory("./")
                    .file("./a", HELLO)
                    .directory("./top/")
                    .file("./top/b", HELLO))
            .strip(1)
            .becomes(hello("a"), hello("top/b")),
        tar(
                "dot-slash-only.tar",
                "the same with files at the top only",
                new RawTar().directory("./").file("./a", HELLO).file("./b", HELLO))
            .strip(1)
            .becomes(hello("a"), hello("b")),
        tar(
                "strip-too-much.tar",
                "stripComponents drops some files whole",
                a().file("top/b", HELLO).file("top/x/c", HELLO))
            .strip(2)
            .becomes(hello("c")),
        tar(
                "apple-double.tar",
                "._ files and pax attributes as macOS adds them",
                new RawTar()
                    .pax("LIBARCHIVE.xattr.com.apple.quarantine", "MDA4MTs=")
                    .file("./._a", "\0\5\u0016\7")
                    .pax("LIBARCHIVE.creationtime", "1700000000")
                    .file("./a", HELLO))
            .exclude("._*")
            .becomes(hello("a")));
  }

  private static List<Case> odd() {
    var tar = new RawTar();
    var lines = new ArrayList<String>();
    for (var name :
        List.of(
            "line\nbreak",
            "tab\tname",
            "back\\slash",
            " blank ",
            "c:colon",
            "quo'te\"",
            "\ufeffbom",
            "-dash",
            "~",
            "%2e%2e",
            "...",
            "\u202egpj.exe",
            "\ud83d\ude00")) {
      tar.file(name, HELLO);
      lines.add(hello(name));
    }
    tar.pax("path", "y".repeat(255)).file("y", HELLO);
    lines.add(hello("y".repeat(255)));
    tar.longName("\u00e9".repeat(127) + "/z").file("z", HELLO);
    lines.add(hello("\u00e9".repeat(127) + "/z"));
    return List.of(
        tar("odd-names.tar", "line feed, tab, backslash, blanks, colon, 255 bytes …", tar)
            .becomes(lines.toArray(String[]::new)));
  }

  private static List<Case> refusedNames() {
    var latin1 = new RawTar();
    byte[] header = latin1.header("caf", '0', "", 0, 0644);
    header[3] = (byte) 0xe9;
    return List.of(
        refused(
            "absolute-name.tar",
            "names that begin with a slash",
            new RawTar().file("/opt/model/weights", HELLO),
            "entry /opt/model/weights has an absolute path; pack it with relative names"),
        refused(
            "latin1-names.tar",
            "names in Latin-1",
            latin1.entry(header, new byte[0]),
            "entry caf\ufffd has a name that is not UTF-8; make the archive with UTF-8 names"),
        refused(
            "dots-name.tar",
            "..",
            a().file("d/../../b", HELLO),
            "d/../../b leads out of the archive by ..; pack it"),
        refused("empty-name.tar", "no name at all", a().file("", HELLO), "has no name"),
        refused(
            "nul-name.tar",
            "a pax path with a NUL in it",
            a().pax("path", "b\0c").file("b", HELLO),
            "has a NUL in its name"),
        refused(
            "manifest-name.tar",
            "the name that is kept for the manifest",
            a().file(".corvid-manifest", HELLO),
            "'.corvid-manifest' is a name that Corvid keeps",
            "spec.source.files.exclude"));
  }

  private static List<Case> long_() {
    var path = "d".repeat(250) + ("/" + "d".repeat(250)).repeat(15) + "/" + "f".repeat(44);
    return List.of(
        refused(
            "long-path.tar",
            "a path of 4,060 bytes",
            a().longName(path).file("f", HELLO),
            "longer than 3,500 bytes",
            "spec.source.files.exclude"),
        refused(
            "long-name.tar",
            "a name of 256 bytes",
            a().longName("n".repeat(256)).file("n", HELLO),
            "component of more than 255 bytes"),
        refused(
            "long-link-text.tar",
            "a symbolic link of 2,000 bytes",
            a().longLink("t".repeat(99) + ("/" + "t".repeat(99)).repeat(19)).link("l", "t"),
            "'l' links to a text that is longer than 1,023 bytes",
            "spec.source.files.exclude"),
        refused(
            "deep.tar",
            "200 directories deep",
            a().longName("d/".repeat(200) + "f").file("f", HELLO),
            "deeper than 128 directories"));
  }
}
