package dev.corvid.seeder;

import static dev.corvid.seeder.Case.archive;
import static dev.corvid.seeder.Case.bytes;
import static dev.corvid.seeder.Case.line;

import dev.corvid.seeder.unpack.RawTar;
import dev.corvid.wire.Reason;
import java.util.List;
import java.util.stream.Stream;

/** Symbolic links in tars: which are kept, refused, or left out. */
final class LinkCases {
  private static final String HELLO = "hello";

  private LinkCases() {}

  static List<Case> all() {
    return Stream.of(links(), linksLeftOut()).flatMap(List::stream).toList();
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

  private static List<Case> links() {
    return List.of(
        refused(
            "absolute-link.tar",
            "an absolute symbolic link",
            a().link("venv/bin/python3", "/usr/bin/python3"),
            "'venv/bin/python3' links to '/usr/bin/python3'",
            "only relative links are kept",
            "spec.source.unpack.unsafeLinks",
            "spec.source.files.exclude"),
        tar("absolute-link-excluded.tar", "the same, left out", a().link("v/p", "/usr/bin/python3"))
            .exclude("v/p")
            .becomes(hello("a")),
        refused(
            "link-with-dots-inside.tar",
            "a link that stays inside, with .. behind a name",
            a().file("share/x", HELLO).directory("lib").link("x", "lib/../share/x"),
            "'x' links to 'lib/../share/x', which may lead out",
            "spec.source.files.exclude"),
        tar(
                "link-up-inside.tar",
                "links that climb, and stay inside",
                a().link("d/e/l", "../../a").link("d/self", ".").link("dangling", "nowhere"))
            .becomes(hello("a"), "d/e/l -> ../../a", "d/self -> .", "dangling -> nowhere"),
        refused(
            "link-out.tar", "a link that leads out", a().link("d/l", "../../a"), "'d/l' links to"),
        refused("link-empty.tar", "a link without a text", a().link("l", ""), "'l' links to ''"),
        refused(
            "below-link.tar",
            "a file below a symbolic link",
            a().directory("d").link("l", "d").file("l/x", HELLO),
            "entry l/x",
            "not a directory",
            "spec.source.files.exclude"),
        refused(
            "links-only.tar",
            "nothing but links and directories",
            new RawTar().directory("d").link("l", "d"),
            "holds no file, and a release needs one"));
  }

  private static List<Case> linksLeftOut() {
    return List.of(
        tar(
                "links-left-out.tar",
                "links that lead out, left out: the others stay, and directories of their own",
                a().directory("bin/")
                    .link("bin/python", "/usr/bin/python3")
                    .link("bin/up", "../../x")
                    .link("bin/through", "d/../../x")
                    .link("lib/only", "/lib")
                    .link("bin64", "bin")
                    .directory("deep/")
                    .link("deep/er/l", "/"))
            .leavesLinksOut()
            .becomes(hello("a"), "bin/", "bin64 -> bin", "deep/"),
        tar(
                "links-left-out-above.tar",
                "directories whose own entries come after what is in them",
                a().link("bin/python", "/usr/bin/python3")
                    .directory("bin/")
                    .link("lib/only", "../a")
                    .directory("lib/")
                    .directory("lib/")
                    .link("lib/only", "/lib"))
            .leavesLinksOut()
            .becomes(hello("a"), "bin/", "lib/"),
        tar(
                "links-left-out-replaced.tar",
                "of two links of one name the later one counts",
                a().link("l", "/x").link("l", "a").link("m", "a").link("m", "/x"))
            .leavesLinksOut()
            .becomes(hello("a"), "l -> a"),
        tar(
                "links-left-out-hard.tar",
                "a hard link to a link is a link of the same text: judged by its own place",
                a().link("d/l", "../a").hardLink("m", "d/l").link("n", "/x").hardLink("o", "n"))
            .leavesLinksOut()
            .becomes(hello("a"), "d/l -> ../a"),
        refused(
                "below-link-left-out.tar",
                "a file below a link that is left out",
                a().link("l", "/etc").file("l/passwd", HELLO),
                "entry l/passwd",
                "not a directory")
            .leavesLinksOut(),
        refused(
                "file-over-link-left-out.tar",
                "a file in the place of a link that is left out",
                a().link("l", "/etc/passwd").file("l", HELLO),
                "entry l is a file, but an earlier one of that name is a link")
            .leavesLinksOut(),
        refused(
                "hard-link-out-all-the-same.tar",
                "a hard link that leads out, although links are left out",
                a().hardLink("h", "../x"),
                "entry h is a hard link to ../x",
                "leads out of the archive")
            .leavesLinksOut(),
        refused(
                "hard-link-below-left-out.tar",
                "a hard link to what is below a link that is left out",
                a().link("l", "/etc").hardLink("h", "l/passwd"),
                "entry h is a hard link to l/passwd")
            .leavesLinksOut(),
        refused(
                "broken-links-all-the-same.tar",
                "a link without a text leads nowhere",
                a().link("l", ""),
                "'l' links to ''")
            .leavesLinksOut(),
        refused(
                "only-links-left-out.tar",
                "nothing but links that are left out",
                new RawTar().link("l", "/x"),
                "holds no file, and a release needs one")
            .leavesLinksOut());
  }
}
