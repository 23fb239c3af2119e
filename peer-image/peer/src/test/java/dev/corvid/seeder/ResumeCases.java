package dev.corvid.seeder;

import static dev.corvid.seeder.Case.http;
import static dev.corvid.seeder.Case.line;

import dev.corvid.seeder.OddServer.Behavior;
import dev.corvid.seeder.OddServer.Exchange;
import dev.corvid.seeder.unpack.Archives;
import dev.corvid.wire.Reason;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Transfers that break off, and servers that continue them in ways of their own. */
final class ResumeCases {
  static final byte[] OLD = Archives.noise(200_000);
  static final byte[] NEW = Archives.noise(400_000);
  static final String ONE = "ETag: \"one\"";
  private static final byte[] OTHER = java.util.Arrays.copyOfRange(NEW, 200_000, 400_000);

  /** Of several pieces. */
  private static final byte[] LARGE = Archives.noise(2 << 20);

  private static final byte[] LIES = new byte[2 << 20];
  private static final String TWO = "ETag: \"two\"";
  private static final String DATE = "Date: Wed, 21 Oct 2015 08:00:00 GMT";
  private static final String MODIFIED = "Last-Modified: Wed, 21 Oct 2015 07:28:00 GMT";
  private static final int HALF = 100_000;
  private static final String FILE = "weights.bin";

  private ResumeCases() {}

  static List<Case> all() {
    return java.util.stream.Stream.of(versions(), ranges(), refusals(), mirrors(), replaced())
        .flatMap(List::stream)
        .toList();
  }

  /** Half of it comes; ranges are answered by the behavior, and the whole comes again. */
  private static Behavior half(Behavior ranges) {
    return x -> {
      if (x.times() == 0) {
        x.whole(OLD, HALF, ONE);
      } else if (x.ranged()) {
        ranges.answer(x);
      } else {
        x.whole(OLD, ONE);
      }
    };
  }

  /** Half of it comes; then there is another version. */
  private static Behavior replacedBy(String before, String after, Behavior ranges) {
    return x -> {
      if (x.times() == 0) {
        x.whole(OLD, HALF, before, DATE, MODIFIED);
      } else if (x.ranged()) {
        ranges.answer(x);
      } else {
        x.whole(OTHER, after, DATE, MODIFIED);
      }
    };
  }

  private static Case right(String name, String what, Behavior behavior) {
    return http(name, FILE, what, behavior).becomes(line(FILE, OLD));
  }

  private static Case other(String name, String what, Behavior behavior) {
    return http(name, FILE, what, behavior).becomes(line(FILE, OTHER));
  }

  private static List<Case> versions() {
    return List.of(
        other(
            "if-range-ignored",
            "breaks off; then the object is another, and If-Range is ignored",
            replacedBy(ONE, TWO, x -> x.part(OTHER, TWO))),
        other(
            "same-date-other-tag",
            "the same, and both versions have one Last-Modified",
            replacedBy(ONE, TWO, x -> x.part(OTHER, TWO, DATE, MODIFIED))),
        other(
            "tag-gone",
            "the range of another version has the first one's date, and no ETag",
            replacedBy(ONE, TWO, x -> x.part(OTHER, DATE, MODIFIED))),
        other(
            "other-total",
            "the range has the tag, but is of a file of another length",
            x -> {
              if (x.times() == 0) {
                x.whole(OLD, HALF, ONE);
              } else if (x.ranged()) {
                x.part(NEW, ONE);
              } else {
                x.whole(OTHER, TWO);
              }
            }),
        other(
            "two-tags",
            "the range has two ETags, one of them the right one",
            replacedBy(ONE, TWO, x -> x.part(OTHER, ONE, TWO))),
        right(
            "weak-twin",
            "the range has the weak form of the strong ETag",
            half(x -> x.part(OLD, "ETag: W/\"one\""))),
        right(
            "balancer",
            "two servers behind one name, each with a tag of its own",
            x -> {
              var tag = x.times() % 2 == 0 ? ONE : TWO;
              if (x.ranged()) {
                x.part(OLD, tag);
              } else {
                x.whole(OLD, x.times() == 0 ? HALF : OLD.length, tag);
              }
            }),
        http(
                "weak-etag",
                FILE,
                "a weak ETag, no Last-Modified, and each answer breaks off",
                ResumeCases::weak)
            .refused(
                Reason.SourceUnreachable,
                "weights.bin broke off after 133,333 of 200,000 bytes",
                "pin spec.source.http.digest"),
        right("weak-etag-pinned", "the same with a digest", ResumeCases::weak).pinned(OLD),
        right(
            "no-validator",
            "neither ETag nor Last-Modified, and one answer breaks off",
            x -> x.whole(OLD, x.times() == 0 ? HALF : OLD.length)),
        right(
            "bare-etag",
            "an ETag without quotation marks",
            x -> {
              if (x.ranged() && "0a1b2c3d".equals(x.request().header("If-Range"))) {
                x.part(OLD, "ETag: 0a1b2c3d");
              } else {
                x.whole(OLD, x.times() == 0 ? HALF : OLD.length, "ETag: 0a1b2c3d");
              }
            }));
  }

  private static void weak(Exchange x) throws IOException {
    int cut = OLD.length * 2 / 3;
    if (x.ranged() && x.request().header("If-Range") == null) {
      x.part(OLD, "ETag: W/\"1\"");
    } else {
      x.whole(OLD, cut, "ETag: W/\"1\"");
    }
  }

  private static List<Case> ranges() {
    return List.of(
        right(
            "slice-as-200",
            "a range comes under status 200",
            half(x -> x.slice("200 OK", OLD, x.from(), OLD.length, "200000", ONE))),
        right(
            "earlier-slice-as-200",
            "the same, from the block before",
            half(x -> x.slice("200 OK", OLD, x.from() & ~4095, OLD.length, "200000", ONE))),
        right("no-resume-416", "every range is answered with 416", half(x -> x.status("416 No"))),
        right(
            "star-206",
            "a 206 says bytes x-y/*",
            half(x -> x.part(OLD, x.from(), OLD.length, "*", ONE))),
        right(
            "earlier-range",
            "ranges begin at the block before",
            half(x -> x.part(OLD, x.from() & ~4095, OLD.length, "200000", ONE))),
        right(
            "later-range",
            "ranges begin a byte too late",
            half(x -> x.part(OLD, x.from() + 1, OLD.length, "200000", ONE))),
        right(
            "short-range",
            "ranges end after 30,000 bytes, whatever was asked for",
            half(x -> x.part(OLD, x.from(), Math.min(x.from() + 30_000, 200_000), "200000", ONE))),
        right(
            "range-says-too-much",
            "a 206 whose end is behind the file's",
            half(x -> x.slice("206 Partial Content", NEW, x.from(), 210_000, "200000", ONE))),
        right(
            "multipart",
            "a range comes as multipart/byteranges of one part",
            half(
                x -> {
                  var head = "--b\r\nContent-Range: bytes %d-199999/200000\r\n\r\n";
                  x.head(
                      "206 Partial Content", ONE, "Content-Type: multipart/byteranges; boundary=b");
                  x.raw(head.formatted(x.from()));
                  x.raw(OLD, x.from(), OLD.length);
                  x.raw("\r\n--b--\r\n");
                })),
        right(
            "cut-again-and-again",
            "each answer breaks off after 30,000 bytes",
            x -> {
              if (x.ranged()) {
                x.head(
                    "206 Partial Content",
                    ONE,
                    "Content-Range: bytes %d-199999/200000".formatted(x.from()),
                    "Content-Length: " + (200_000 - x.from()));
                x.raw(OLD, x.from(), Math.min(200_000, x.from() + 30_000));
              } else {
                x.whole(OLD, 30_000, ONE);
              }
            }));
  }

  private static List<Case> refusals() {
    return List.of(
        right("range-400", "every range is a bad request", half(x -> x.status("400 Bad Request"))),
        right("range-403", "a firewall that knows no ranges", half(x -> x.status("403 Forbidden"))),
        right("range-500", "every range is a defect", half(x -> x.status("500 Oops"))),
        right("range-hangs-up", "every range ends the connection", half(x -> {})),
        right("range-silent", "no range is answered", half(x -> x.pause(Duration.ofSeconds(9))))
            .timeouts(Duration.ofSeconds(3), Duration.ofSeconds(3)),
        right(
            "range-empty",
            "every range begins by the book, and ends before its first byte",
            half(x -> x.slice("206 Partial Content", OLD, x.from(), 200_000, "200000", 0, ONE))),
        right(
                "range-empty-pinned",
                "the same with a digest, and a mirror of this kind",
                half(x -> x.slice("206 Partial Content", OLD, x.from(), 200_000, "200000", 0, ONE)))
            .mirror("a.bin")
            .pinned(OLD),
        right(
            "range-ends-before",
            "every range begins at the block before, and ends before what was asked for",
            half(x -> x.slice("206 Partial Content", OLD, 98_304, 200_000, "200000", 1_000, ONE))),
        right("range-501", "ranges are not implemented", half(x -> x.status("501 No ranges"))),
        right(
            "range-encoded",
            "ranges are of the compressed form",
            half(x -> x.part(OLD, ONE, "Content-Encoding: gzip"))),
        right(
            "range-unclear",
            "ranges have two lengths",
            half(x -> x.part(OLD, ONE, "Content-Length: 5"))));
  }

  private static List<Case> mirrors() {
    return List.of(
        right(
                "mirror-continues",
                "one mirror dies half-way, the other has another tag; the digest is pinned",
                x -> {
                  if (x.targets("a.bin")) {
                    x.part(OLD, TWO);
                  } else if (x.times() == 0) {
                    x.whole(OLD, HALF, ONE);
                  }
                })
            .mirror("a.bin")
            .pinned(OLD),
        right(
                "mirror-of-another",
                "the same, but the other has another version at first",
                x -> {
                  if (x.targets("a.bin")) {
                    x.part(OTHER, TWO);
                  } else if (x.times() == 0) {
                    x.whole(OLD, HALF, ONE);
                  } else if (!x.ranged()) {
                    x.whole(OLD, ONE);
                  }
                })
            .mirror("a.bin")
            .pinned(OLD),
        other(
                "mirrors-disagree",
                "one mirror breaks off for ever, the other has another version; no digest",
                x -> {
                  if (x.targets("a.bin")) {
                    x.whole(OTHER, TWO);
                  } else {
                    x.whole(OLD, HALF);
                  }
                })
            .mirror("a.bin"));
  }

  /** A seeder takes the place of one that published the file, and has its scratch no more. */
  private static List<Case> replaced() {
    return List.of(
        replaced(
            "star-ranges",
            "ranges say bytes x-y/*",
            x -> x.part(LARGE, x.from(), x.end(LARGE.length), "*", ONE)),
        replaced("ranges-416", "every range is 416", x -> x.status("416 No")),
        replaced("ranges-403", "every range is 403", x -> x.status("403 Forbidden")),
        replaced("ranges-hang-up", "every range ends the connection", x -> {}),
        replaced(
            "ranges-empty",
            "every range ends before its first byte",
            x -> {
              var total = String.valueOf(LARGE.length);
              int end = x.end(LARGE.length);
              x.slice("206 Partial Content", LARGE, x.from(), end, total, 0, ONE);
            }),
        replaced("ranges-ignored", "no range is heeded", x -> x.whole(LARGE, ONE)),
        replaced(
            "ranges-under-200",
            "ranges come under status 200",
            x -> {
              int end = x.end(LARGE.length);
              x.slice("200 OK", LARGE, x.from(), end, String.valueOf(LARGE.length), ONE);
            }),
        replaced("ranges-elsewhere", "ranges are of other bytes", x -> x.part(LIES, ONE)));
  }

  private static Case replaced(String name, String what, Behavior ranges) {
    return http(
            name,
            FILE,
            what + "; the seeder was replaced",
            x -> {
              if (x.ranged()) {
                ranges.answer(x);
              } else {
                x.whole(LARGE, ONE);
              }
            })
        .replaced()
        .becomes(line(FILE, LARGE));
  }
}
