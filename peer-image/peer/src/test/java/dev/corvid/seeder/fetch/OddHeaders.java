package dev.corvid.seeder.fetch;

import dev.corvid.seeder.source.SourceUrl;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;

/** Headers of a {@link ModelSource} that say nothing of the bytes, well-formed or not. */
final class OddHeaders {
  private static final List<String> DISPOSITIONS =
      List.of(
          "attachment; filename=x.zip",
          "attachment; filename*=UTF-8''y%2Etar%2Egz",
          "attachment; filename*=UTF-8''%ZZ%.7z",
          "attachment; filename*=x-none''%E9",
          "attachment; filename=\"",
          "filename=\"caf\u00e9.bin\"",
          "inline; filename=../../etc/passwd",
          "");

  private static final List<String> COOKIES =
      List.of("a=b", "a=b; Path=/; Domain=example", "=b", "a=\u00e9\u0001", "a", ";", "a=b=c; x");

  private static final List<String> TYPES =
      List.of("text/html", "application/zip", "application/x-tar; charset", ";", "x");

  private static final List<String> PAUSES =
      List.of(
          "0",
          "-1",
          "7",
          "999999999",
          "99999999999999999999",
          "soon",
          "",
          "1.5",
          "Wed, 21 Oct 2015 07:28:00 GMT",
          "Wed, 21 Oct 2099 07:28:00 GMT",
          "Sunday, 06-Nov-94 08:49:37 GMT");

  private static final List<String> LOCATIONS =
      List.of(
          "/moved/z.bin",
          "?again",
          "",
          "z.zip",
          "//mirror1.example/other",
          "http://mirror0.example/x.bin",
          "https://mirror2.example/x y|z%",
          "http://mirror0.example:99999/",
          "http://:80/",
          "ftp://mirror0.example/x.bin",
          "http://u:p@mirror0.example/x.bin",
          "http://[::1/x",
          "/caf\u00e9.bin",
          "\u0000");

  private final Random random;
  private boolean pausing;

  OddHeaders(Random random) {
    this.random = random;
  }

  boolean hasAskedForAPause() {
    return pausing;
  }

  void into(BiConsumer<String, Object> answer) {
    if (random.nextInt(8) == 0) {
      answer.accept("Content-Disposition", pick(DISPOSITIONS));
    }
    if (random.nextInt(8) == 0) {
      answer.accept("Content-Type", pick(TYPES));
    }
    if (random.nextInt(8) == 0) {
      answer.accept("Set-Cookie", pick(COOKIES));
    }
  }

  void pause(BiConsumer<String, Object> answer) {
    if (random.nextInt(4) == 0) {
      answer.accept("Retry-After", pick(PAUSES));
      pausing = true;
    }
  }

  void location(SourceUrl url, BiConsumer<String, Object> answer) {
    if (random.nextInt(12) != 0) {
      answer.accept("Location", random.nextInt(3) == 0 ? url.uri() : pick(LOCATIONS));
    }
  }

  private String pick(List<String> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
