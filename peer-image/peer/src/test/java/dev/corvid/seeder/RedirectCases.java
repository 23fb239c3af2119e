package dev.corvid.seeder;

import static dev.corvid.seeder.Case.http;
import static dev.corvid.seeder.Case.line;
import static dev.corvid.seeder.ResumeCases.OLD;
import static dev.corvid.seeder.ResumeCases.ONE;

import dev.corvid.seeder.OddServer.Behavior;
import dev.corvid.seeder.OddServer.Exchange;
import dev.corvid.seeder.unpack.RawTar;
import dev.corvid.wire.Reason;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** Redirects in every form. */
final class RedirectCases {
  private static final String FILE = "content.tar";
  private static final byte[] TAR = new RawTar().file("a", "hello").end();

  private RedirectCases() {}

  static List<Case> all() {
    return Stream.of(locations(), refused(), chains()).flatMap(List::stream).toList();
  }

  private static Case right(String name, String what, Behavior behavior) {
    return http(name, FILE, what, behavior).becomes(line("a", Case.bytes("hello")));
  }

  private static Case unreachable(String name, String what, Behavior behavior, String... words) {
    return http(name, FILE, what, behavior).refused(Reason.SourceUnreachable, words);
  }

  /** Led there, and answered there alone. */
  private static Behavior to(String target, String location) {
    return x -> {
      if (x.request().target().endsWith(target)) {
        x.whole(TAR, ONE);
      } else if (x.times() == 0) {
        x.redirect(location.replace("NAME", x.name()).replace("HOST", x.request().header("Host")));
      } else {
        x.status("404 Not Found");
      }
    };
  }

  private static List<Case> locations() {
    return List.of(
        right(
            "query-redirect",
            "Location: ?signature=x, relative to the very URL",
            to("/content.tar?signature=x", "?signature=x")),
        right(
            "spaced-redirect",
            "a Location with a blank and a pipe in it",
            to("/my%20model%7Cv2.tar", "/NAME/my model|v2.tar")),
        right(
            "braced-redirect",
            "braces and quotes in the query",
            to("/x.tar?token=%7B%22a%22%7D", "x.tar?token={\"a\"}")),
        right(
            "utf8-redirect",
            "a Location in raw UTF-8",
            to("/%E6%A8%A1%E5%9E%8B.tar", "/NAME/模型.tar")),
        right("bare-percent", "a percent sign that escapes nothing", to("/100%25", "100%")),
        right(
            "dotted-redirect",
            "a Location with dots in its path",
            to("/dotted-redirect/b.tar", "./x/../../NAME/b.tar")),
        right(
            "no-scheme-redirect",
            "a Location that begins with two slashes",
            to("/b.tar", "//HOST/NAME/b.tar")),
        right("fragment-redirect", "a Location with a fragment", to("/b.tar", "b.tar#part")),
        right(
            "redirect-308",
            "308 with a body of its own",
            x -> {
              if (x.targets("b.tar")) {
                x.whole(TAR, ONE);
              } else {
                x.head("308 Moved", "Location: b.tar", "Content-Length: " + OLD.length);
                x.raw(OLD, 0, OLD.length);
              }
            }));
  }

  private static List<Case> refused() {
    return List.of(
        unreachable(
            "redirect-nowhere",
            "no Location",
            x -> x.status("302 Found"),
            "/content.tar redirects without saying where"),
        unreachable(
            "redirect-to-file",
            "a Location of another scheme",
            x -> x.redirect("file:///etc/passwd"),
            "/content.tar redirects to file:///etc/passwd",
            "must begin with http:// or https://"),
        unreachable(
            "redirect-to-metadata",
            "to the address of a cloud's metadata",
            x -> x.redirect("http://169.254.169.254/latest/meta-data"),
            "169.254.169.254",
            "a link-local address"),
        unreachable(
            "redirect-to-port",
            "to a port that cannot be",
            x -> x.redirect("http://127.0.0.1:99999/x.tar"),
            "/content.tar redirects to http://127.0.0.1:99999/x.tar",
            "names a port that cannot be, 99999"),
        unreachable(
            "redirect-loop",
            "from one URL to another and back",
            x -> x.redirect(x.targets("b.tar") ? "content.tar" : "b.tar"),
            "/content.tar redirects more than 10 times, at last to http://"),
        unreachable(
            "redirect-to-itself",
            "to itself for ever",
            x -> x.redirect(x.request().target()),
            "/content.tar redirects more than 10 times"),
        unreachable(
            "signed-refused",
            "a signed URL that is refused",
            x -> {
              if (x.targets("Signature")) {
                x.status("400 Bad Request");
              } else {
                x.redirect("content.tar?X-Amz-Signature=abc");
              }
            },
            "/content.tar answers 400"));
  }

  private static List<Case> chains() {
    return List.of(
        right(
            "seven-redirects",
            "seven before the content",
            x -> {
              int n = x.times();
              if (n < 7) {
                x.redirect(x.path(n + ".tar"));
              } else {
                x.whole(TAR, ONE);
              }
            }),
        right(
            "cookie-redirect",
            "to itself until a cookie comes back",
            x -> {
              if (String.valueOf(x.request().header("Cookie")).contains("seen=1")) {
                x.whole(TAR, ONE);
              } else {
                x.redirect(x.request().target(), "Set-Cookie: seen=1; Path=/");
              }
            }),
        right(
                "both-credentials",
                "to a signed URL that takes no other credentials beside",
                x -> {
                  boolean authorized = x.request().header("Authorization") != null;
                  if (!x.targets("X-Amz-Signature")) {
                    x.redirect("content.tar?X-Amz-Signature=abc");
                  } else if (authorized) {
                    x.status("400 Bad Request");
                  } else {
                    x.whole(TAR, ONE);
                  }
                })
            .token(),
        http(
                "short-lived",
                "weights.bin",
                "to a URL that lives for seconds; the answer breaks off later",
                RedirectCases::shortLived)
            .becomes(line("weights.bin", OLD)));
  }

  private static void shortLived(Exchange x) throws IOException, InterruptedException {
    if (!x.targets("until=")) {
      x.redirect("weights.bin?until=" + Instant.now().plusSeconds(5).toEpochMilli());
      return;
    }
    long until = Long.parseLong(x.request().target().replaceAll(".*until=", ""));
    if (Instant.now().toEpochMilli() > until) {
      x.status("403 Forbidden");
    } else if (x.ranged()) {
      x.part(OLD, ONE);
    } else {
      x.whole(OLD, 100_000, ONE);
      x.pause(Duration.ofMillis(5500));
    }
  }
}
