package dev.corvid.seeder;

import static dev.corvid.seeder.Case.bytes;
import static dev.corvid.seeder.Case.http;
import static dev.corvid.seeder.Case.line;
import static dev.corvid.seeder.ResumeCases.ONE;

import dev.corvid.seeder.unpack.Archives;
import dev.corvid.seeder.unpack.RawTar;
import dev.corvid.wire.Reason;
import java.io.IOException;
import java.util.List;

/** What comes with status 200 in place of the file, and names that the bytes belie. */
final class UnexpectedContentCases {
  private static final byte[] TAR = new RawTar().file("a", "hello").end();
  private static final byte[] PAGE = bytes("<!DOCTYPE html>\n<html><body>Sign in</body></html>\n");
  private static final byte[] POINTER =
      bytes(
          "version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize 4915962496\n"
              .formatted("0".repeat(64)));

  private UnexpectedContentCases() {}

  static List<Case> all() throws IOException {
    byte[] gzip = Archives.gzip(TAR);
    return List.of(
        refused("lfs-pointer", "model.safetensors", POINTER, "a Git LFS pointer", "/resolve/"),
        released("lfs-pointer-pinned", "model.safetensors", POINTER).pinned(POINTER),
        refused("lfs-archive", "model.tar.gz", POINTER, "a Git LFS pointer", "not a gzip"),
        refused("page", "weights.bin", PAGE, "an HTML page", "check the URL and its credentials"),
        refused("page-archive", "model.tar.zst", PAGE, "an HTML page", "not a zstd"),
        refused("page-zip", "model.zip", PAGE, "an HTML page", "not a zip"),
        released("page-html", "index.html", PAGE),
        http(
                "page-redirect",
                "weights.bin",
                "a sign-in page behind a redirect",
                x -> {
                  if (x.targets("login")) {
                    x.whole(PAGE, "Content-Type: text/html", ONE);
                  } else {
                    x.redirect("login?next=x");
                  }
                })
            .refused(Reason.InvalidContent, "/page-redirect/", "an HTML page"),
        refused("empty", "weights.bin", new byte[0], "no bytes", "check the URL"),
        released("empty-pinned", "weights.bin", new byte[0]).pinned(new byte[0]),
        refused("error-text", "model.tar.gz", bytes("{\"error\": \"gone\"}"), "JSON", "not a gzip"),
        refused("gzip.zip", "model.zip", gzip, "write spec.source.unpack.format: TarGz"),
        refused("7z-as-tar", "model.tar", Case.hex("377abcaf271c"), "a 7z archive"),
        refused("twice", "model.tar.gz", Archives.gzip(gzip), "a gzip with a gzip in it"),
        http(
                "gzip-twice",
                "content.tar.gz",
                "the label, but the server has compressed the .tar.gz once more",
                x -> x.whole(Archives.gzip(gzip), "Content-Encoding: gzip", ONE))
            .refused(
                Reason.InvalidContent,
                "/gzip-twice/content.tar.gz",
                "compressed what was compressed already"),
        refused("gzip-of-text", "model.tgz", Archives.gzip(bytes("text")), "corrupt"));
  }

  private static Case of(String name, String file, byte[] bytes) {
    var type = bytes == PAGE ? "text/html; charset=utf-8" : "application/octet-stream";
    return http(
        name,
        file,
        "%s is something else".formatted(file),
        x -> x.whole(bytes, "Content-Type: " + type, ONE));
  }

  private static Case refused(String name, String file, byte[] bytes, String... words) {
    return of(name, file, bytes).refused(Reason.InvalidContent, words);
  }

  private static Case released(String name, String file, byte[] bytes) {
    return of(name, file, bytes).becomes(line(file, bytes));
  }
}
