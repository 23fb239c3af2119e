package dev.corvid.seeder;

import static dev.corvid.seeder.Case.http;
import static dev.corvid.seeder.Case.line;
import static dev.corvid.seeder.ResumeCases.OLD;
import static dev.corvid.seeder.ResumeCases.ONE;

import dev.corvid.seeder.OddServer.Behavior;
import dev.corvid.seeder.unpack.Archives;
import dev.corvid.seeder.unpack.RawTar;
import dev.corvid.wire.Reason;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/** Answers whose headers and framing are not those of a textbook. */
final class ResponseCases {
  private static final String FILE = "weights.bin";
  private static final String CHUNKED = "Transfer-Encoding: chunked";
  private static final byte[] TAR =
      new RawTar().file("a", "hello").file("b", Archives.noise(1000), 0644).end();
  private static final String[] TREE = {line("a", Case.bytes("hello")), line("b", noise())};

  private ResponseCases() {}

  private static byte[] noise() {
    return Archives.noise(1000);
  }

  static List<Case> all() throws IOException {
    return Stream.of(encodings(), lengths(), chunks(), statuses(), heads(), ends())
        .flatMap(List::stream)
        .toList();
  }

  private static Case right(String name, String what, Behavior behavior) {
    return http(name, FILE, what, behavior).becomes(line(FILE, OLD));
  }

  private static Case tar(String name, String file, String what, Behavior behavior) {
    return http(name, file, what, behavior).becomes(TREE);
  }

  private static Case unreachable(String name, String what, Behavior behavior, String... words) {
    return http(name, FILE, what, behavior).refused(Reason.SourceUnreachable, words);
  }

  private static List<Case> encodings() throws IOException {
    byte[] gzip = Archives.gzip(TAR);
    return List.of(
        http(
                "gzip-anyway",
                "config.json",
                "Content-Encoding: gzip although identity was asked for",
                x -> x.whole(Archives.gzip(Case.bytes("{}")), "Content-Encoding: gzip", ONE))
            .refused(
                Reason.SourceUnreachable,
                "/config.json",
                "Content-Encoding: gzip",
                "store the file there without that header"),
        http(
                "gzip-tar",
                "content.tar",
                "the same with a tar",
                x -> x.whole(gzip, "Content-Encoding: gzip", ONE))
            .refused(Reason.SourceUnreachable, "/content.tar", "Content-Encoding: gzip"),
        tar(
            "gzip-label",
            "content.tar.gz",
            "Content-Encoding: x-gzip because the file ends in .gz: the bytes are the file",
            x -> x.whole(gzip, "Content-Encoding: x-gzip", ONE)),
        tar(
            "gzip-label-tgz",
            "content.tgz",
            "the same in capitals for a .tgz",
            x -> x.whole(gzip, "Content-Encoding: GZIP", ONE)),
        unreachable(
            "brotli",
            "Content-Encoding: br",
            x -> x.whole(OLD, "Content-Encoding: br", ONE),
            "/weights.bin",
            "Content-Encoding: br"),
        unreachable(
            "zstd-anyway",
            "Content-Encoding: zstd",
            x -> x.whole(OLD, "Content-Encoding: zstd", ONE),
            "Content-Encoding: zstd"),
        unreachable(
            "deflate-anyway",
            "Content-Encoding: deflate",
            x -> x.whole(OLD, "Content-Encoding: deflate", ONE),
            "Content-Encoding: deflate"),
        unreachable(
            "encoded-twice",
            "two encodings in two headers",
            x -> x.whole(OLD, "Content-Encoding: gzip", "Content-Encoding: aws-chunked"),
            "Content-Encoding: gzip, aws-chunked"),
        right(
            "identity-said",
            "Content-Encoding: identity, and an empty one",
            x -> x.whole(OLD, "Content-Encoding: Identity", ONE)),
        http(
                "transcoded",
                "content.tar.gz",
                "a bucket that decompresses: a plain tar in chunks",
                x -> {
                  x.head("200 OK", CHUNKED, "Warning: 214 UploadServer gunzipped");
                  x.chunks(TAR);
                  x.raw("0\r\n\r\n");
                })
            .refused(Reason.InvalidContent, "plain tar", "write spec.source.unpack.format: Tar"));
  }

  private static List<Case> lengths() {
    return List.of(
        right(
            "length-twice",
            "the same Content-Length twice",
            x -> x.whole(OLD, "Content-Length: 200000", ONE)),
        unreachable(
            "length-twice-other",
            "two different lengths",
            x -> x.whole(OLD, "Content-Length: 5", ONE),
            "/weights.bin",
            "where its answer ends"),
        unreachable(
            "length-list",
            "two lengths in one header",
            x -> {
              x.head("200 OK", "Content-Length: 200000, 5");
              x.raw(OLD, 0, OLD.length);
            },
            "/weights.bin sends an answer that is not HTTP"),
        unreachable(
            "length-negative",
            "a length below zero",
            x -> {
              x.head("200 OK", "Content-Length: -1");
              x.raw(OLD, 0, OLD.length);
            },
            "/weights.bin"),
        unreachable(
            "length-and-chunked",
            "Content-Length and Transfer-Encoding (smuggling)",
            x -> x.whole(OLD, CHUNKED),
            "/weights.bin",
            "both Content-Length and Transfer-Encoding"),
        unreachable(
            "length-too-long",
            "a length that never comes, each time",
            x -> {
              x.head("200 OK", "Content-Length: 300000", ONE);
              x.raw(OLD, 0, x.ranged() ? 0 : OLD.length);
            },
            "/weights.bin broke off after 200,000 of 300,000 bytes: the connection was closed"),
        right(
            "length-too-short",
            "bytes behind the length are no part of the answer",
            x -> {
              x.whole(OLD, ONE);
              x.raw(OLD, 0, 1000);
            }),
        unreachable(
            "slice-unasked",
            "the first half under status 200 with a Content-Range",
            x -> x.slice("200 OK", OLD, 0, 100_000, "200000", ONE),
            "/weights.bin",
            "Content-Range bytes 0-99999/200000, although the whole was asked for"),
        unreachable(
            "part-unasked",
            "the first half under status 206",
            x -> x.part(OLD, 0, 100_000, "200000", ONE),
            "/weights.bin",
            "Content-Range bytes 0-99999/200000, although the whole was asked for"),
        right(
            "whole-with-range",
            "status 200 with the Content-Range of the whole",
            x -> x.slice("200 OK", OLD, 0, OLD.length, "200000", ONE)));
  }

  private static List<Case> chunks() {
    return List.of(
        right(
            "chunked",
            "chunks, no length",
            x -> {
              x.head("200 OK", CHUNKED, ONE);
              x.chunks(OLD);
              x.raw("0\r\n\r\n");
            }),
        right(
            "chunk-trailers",
            "chunks with extensions, and trailers behind them",
            x -> {
              x.head("200 OK", CHUNKED, "Trailer: X-Sum", ONE);
              x.raw("1;name=value\r\n");
              x.raw(OLD, 0, 1);
              x.raw("\r\n%X\r\n".formatted(OLD.length - 1));
              x.raw(OLD, 1, OLD.length);
              x.raw("\r\n0\r\nX-Sum: 1\r\n\r\n");
            }),
        unreachable(
            "chunks-cut",
            "the last chunk never comes",
            x -> {
              x.head("200 OK", CHUNKED, ONE);
              x.chunks(OLD);
            },
            "/weights.bin broke off after 200,000 bytes"),
        unreachable(
            "chunk-cut",
            "it ends within a chunk",
            x -> {
              x.head("200 OK", CHUNKED, ONE);
              x.raw("30d40\r\n");
              x.raw(OLD, 0, 100_000);
            },
            "/weights.bin broke off after"),
        unreachable(
            "chunk-nonsense",
            "a chunk's length is no number",
            x -> {
              x.head("200 OK", CHUNKED, ONE);
              x.raw("zz\r\nhello\r\n0\r\n\r\n");
            },
            // The client may find it before it gives the answer, or while the body is read.
            "/weights.bin "),
        unreachable(
            "until-close",
            "no length: it ends when the connection does",
            x -> {
              x.head("200 OK", ONE);
              x.raw(OLD, 0, OLD.length);
            },
            "/weights.bin does not say how long it is",
            "pin spec.source.http.digest"),
        right(
                "until-close-pinned",
                "the same with a digest",
                x -> {
                  x.head("200 OK", ONE);
                  x.raw(OLD, 0, OLD.length);
                })
            .pinned(OLD));
  }

  private static List<Case> statuses() {
    return List.of(
        unreachable("no-content", "204", x -> x.head("204 No Content"), "/weights.bin answers 204"),
        unreachable("reset-content", "205", x -> x.status("205 Reset"), "/weights.bin answers 205"),
        unreachable(
            "not-modified", "304", x -> x.head("304 Not Modified"), "/weights.bin answers 304"),
        unreachable(
            "multiple-choices", "300", x -> x.status("300 Some"), "/weights.bin answers 300"),
        unreachable("gone", "410", x -> x.status("410 Gone"), "/weights.bin answers 410"),
        unreachable(
            "no-status",
            "a status of two digits",
            x -> x.raw("HTTP/1.1 20 OK\r\n\r\n"),
            "/weights.bin"),
        http("forbidden", FILE, "403 without credentials", x -> x.status("403 Forbidden"))
            .refused(
                Reason.SourceAuthFailed,
                "/weights.bin answers 403",
                "spec.source.secretRef names no credentials for it"),
        http("bad-token", FILE, "403 with credentials", x -> x.status("403 Forbidden"))
            .token()
            .refused(
                Reason.SourceAuthFailed,
                "/weights.bin answers 403 to the credentials of spec.source.secretRef; check them"));
  }

  private static List<Case> heads() {
    return List.of(
        unreachable(
            "odd-header",
            "a header name with a blank in it",
            x -> x.whole(TAR, "X Odd Name: 1", ONE),
            "/weights.bin sends an answer that is not HTTP (Invalid header name \"X Odd Name\")",
            "must be fixed"),
        tar(
            "utf8-header",
            "content.tar",
            "Content-Disposition in raw UTF-8",
            x -> x.whole(TAR, "Content-Disposition: attachment; filename=\"模型.tar\"", ONE)),
        tar(
            "folded-header",
            "content.tar",
            "a header on two lines",
            x -> x.whole(TAR, "X-Long: one\r\n two", ONE)),
        tar(
            "lone-colon",
            "content.tar",
            "a header without a value, and one in capitals",
            x -> x.whole(TAR, "X-Empty:", "ETAG: \"one\"")),
        tar(
            "early-hints",
            "content.tar",
            "103 before the answer, twice",
            x -> {
              x.raw("HTTP/1.1 103 Early Hints\r\nLink: </x>; rel=preload\r\n\r\n".repeat(2));
              x.whole(TAR, ONE);
            }),
        tar(
            "no-reason",
            "content.tar",
            "a status line that ends behind the status",
            x -> x.raw(whole("HTTP/1.1 200\r\n"), 0, whole("HTTP/1.1 200\r\n").length)),
        tar(
            "old-server",
            "content.tar",
            "HTTP/1.0",
            x -> x.raw(whole("HTTP/1.0 200 OK\r\n"), 0, whole("HTTP/1.0 200 OK\r\n").length)),
        unreachable(
            "huge-head",
            "a megabyte of headers",
            x -> x.whole(OLD, "X-Large: " + "x".repeat(1 << 20)),
            "/weights.bin sends an answer that is not HTTP (Header size too big"),
        unreachable(
            "no-http", "a banner of another protocol", x -> x.raw("220 ftp\r\n"), "/weights.bin"),
        unreachable("hangs-up", "no answer at all", x -> {}, "/weights.bin cannot be fetched"));
  }

  private static byte[] whole(String line) {
    return Case.joined(Case.bytes(line + "Content-Length: " + TAR.length + "\r\n\r\n"), TAR);
  }

  private static List<Case> ends() {
    return List.of(
        http("cut-tar", "content.tar", "a tar whose answer breaks off for ever", ResponseCases::cut)
            .refused(Reason.SourceUnreachable, "/content.tar broke off after 1,000 of"));
  }

  private static void cut(OddServer.Exchange x) throws IOException {
    x.whole(TAR, x.ranged() ? 0 : 1000, ONE);
  }
}
