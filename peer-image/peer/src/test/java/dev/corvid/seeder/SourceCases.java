package dev.corvid.seeder;

import static dev.corvid.seeder.Case.http;
import static dev.corvid.seeder.Case.line;
import static dev.corvid.seeder.ResumeCases.NEW;
import static dev.corvid.seeder.ResumeCases.OLD;
import static dev.corvid.seeder.ResumeCases.ONE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.seeder.OddServer.Behavior;
import dev.corvid.seeder.unpack.Archives;
import dev.corvid.seeder.unpack.RawTar;
import dev.corvid.wire.Reason;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Sources as a whole: their mirrors, their pauses, and what they are called. */
final class SourceCases {
  private static final String FILE = "weights.bin";
  private static final byte[] TAR = new RawTar().file("a", "hello").end();
  private static final String HELLO = line("a", Case.bytes("hello"));

  private SourceCases() {}

  static List<Case> all() throws IOException {
    return Stream.of(busy(), slow(), names(), mirrors()).flatMap(List::stream).toList();
  }

  private static Case tar(String name, String what, Behavior behavior) {
    return http(name, "content.tar", what, behavior).becomes(HELLO);
  }

  /** The second request comes when the first one's answer said, and not before. */
  private static Case busy(String name, String what, String status, Duration asked) {
    return tar(
            name,
            what,
            x -> {
              if (x.times() > 0) {
                x.whole(TAR, ONE);
              } else {
                x.status(status, "Retry-After: " + asked.toSeconds());
              }
            })
        .waits()
        .requests(
            requests -> {
              assertThat(requests).hasSize(2);
              assertThat(Duration.between(requests.getFirst().at(), requests.getLast().at()))
                  .isGreaterThanOrEqualTo(asked);
            });
  }

  private static List<Case> busy() {
    return List.of(
        busy("busy", "429 with Retry-After", "429 Too Many Requests", Duration.ofSeconds(3)),
        busy("busy-403", "403 with Retry-After, as some do", "403 Slow", Duration.ofSeconds(3)),
        busy("busy-400", "400 with Retry-After", "400 Slow", Duration.ofSeconds(3)),
        http(
                "busy-for-hours",
                FILE,
                "503 and a Retry-After of a day",
                x -> x.status("503 Later", "Retry-After: 86400"))
            .refused(
                Reason.SourceUnreachable, "/weights.bin", "(Retry-After), of which", "s are left")
            .requests(requests -> assertThat(requests).hasSize(1)),
        http(
                "busy-until",
                FILE,
                "503 and a Retry-After that is a date",
                x -> x.status("503 Later", "Retry-After: " + inTenMinutes()))
            .refused(Reason.SourceUnreachable, "/weights.bin", "(Retry-After)")
            .requests(requests -> assertThat(requests).hasSize(1)),
        http(
                "busy-mid-way",
                FILE,
                "it breaks off, and the rest is to be asked for later",
                x -> {
                  if (x.times() == 0) {
                    x.whole(OLD, 100_000, ONE);
                  } else if (x.times() == 1) {
                    x.status("503 Later", "Retry-After: 2");
                  } else {
                    x.part(OLD, ONE);
                  }
                })
            .waits()
            .becomes(line(FILE, OLD))
            .requests(requests -> assertThat(requests).hasSize(3)));
  }

  private static String inTenMinutes() {
    return DateTimeFormatter.RFC_1123_DATE_TIME.format(
        Instant.now().plusSeconds(600).atOffset(ZoneOffset.UTC));
  }

  /** The rule's sixty seconds are three here: a busy machine may take one to answer at once. */
  private static List<Case> slow() {
    var five = Duration.ofSeconds(60);
    var one = Duration.ofSeconds(3);
    Behavior slow =
        x -> {
          if (x.targets("b.tar")) {
            x.whole(TAR, ONE);
          } else {
            x.pause(Duration.ofSeconds(6));
            x.whole(TAR, ONE);
          }
        };
    return List.of(
        tar("slow-start", "long until the first byte, as of archives made on demand", slow)
            .timeouts(five, one)
            .requests(requests -> assertThat(requests).hasSize(1)),
        tar("slow-start-mirror", "the same while another mirror is untried", slow)
            .mirror("b.tar")
            .timeouts(five, one)
            .requests(
                requests ->
                    assertThat(requests.getLast().target()).isEqualTo("/slow-start-mirror/b.tar")),
        tar(
                "slow-body",
                "headers at once, and long until the first byte behind them",
                x -> {
                  x.head("200 OK", "Content-Length: " + TAR.length, ONE);
                  x.pause(Duration.ofSeconds(6));
                  x.raw(TAR, 0, TAR.length);
                })
            .timeouts(five, one),
        http(
                "never-starts",
                "content.tar",
                "no first byte within the five minutes",
                x -> x.pause(Duration.ofSeconds(9)))
            .timeouts(one, one)
            .refused(Reason.SourceUnreachable, "/content.tar does not answer in time"),
        http(
                "falls-silent",
                FILE,
                "no byte for longer than the sixty seconds, each time",
                x -> {
                  x.whole(OLD, x.ranged() ? 0 : 100_000, ONE);
                  x.pause(Duration.ofSeconds(9));
                })
            .timeouts(one, one)
            .refused(
                Reason.SourceUnreachable,
                "/weights.bin broke off after 100,000 of 200,000 bytes: no byte came for 3 s"));
  }

  private static List<Case> names() {
    Behavior plain = x -> x.whole(TAR, ONE);
    Behavior named =
        x -> x.whole(TAR, "Content-Disposition: attachment; filename=\"model.tar\"", ONE);
    return List.of(
        http("query-name", "download?id=1", "the name is in Content-Disposition only", named)
            .format("Tar")
            .becomes(HELLO),
        http("query-name-auto", "download?id=1", "the same, with format: Auto", named)
            .refused(
                Reason.InvalidSpec,
                "Content-Disposition calls it model.tar",
                "write spec.source.unpack.format: Tar"),
        http("query-name-none", "download?id=1", "the same, with format: None", named)
            .format("None")
            .becomes(line("download", TAR)),
        http("no-name", "?id=1", "a URL without a last part", plain)
            .refused(
                Reason.InvalidSpec,
                "called by the last part of its URL",
                "no-name/ has none; write a URL that ends in the file's name"),
        http("slash-in-name", "a%2Fb", "a slash in the last part, escaped", plain)
            .refused(Reason.InvalidSpec, "slash-in-name/a%2Fb has none"),
        http("blank-in-name", "my%20model.bin", "a blank in the last part", plain)
            .becomes(line("my model.bin", TAR)),
        http("manifest-name", ".corvid-manifest", "a name that is kept for the manifest", plain)
            .refused(Reason.InvalidSpec, ".corvid-manifest", "keeps for the manifest")
            .requests(requests -> assertThat(requests).isEmpty()),
        http("dots-name", "%2e%2e", "two dots, escaped", plain)
            .refused(Reason.InvalidSpec, "dots-name/%2e%2e cannot be a file's", "'..'"),
        http("latin1-name", "caf%E9.bin", "a last part in Latin-1, escaped", plain)
            .refused(Reason.InvalidSpec, "latin1-name/caf%E9.bin is not UTF-8; rename the file"),
        http("control-name", "a%0Ab.bin", "a line break in the last part, escaped", plain)
            .refused(Reason.InvalidSpec, "control-name/a%0Ab.bin has a control character"),
        http(
                "other-names",
                FILE,
                "the first mirror calls it an archive, the second is called otherwise",
                x ->
                    x.whole(
                        TAR,
                        x.targets(FILE) ? "Content-Disposition: attachment; filename=x.zip" : ONE))
            .mirror("b%E9.bin")
            .becomes(line(FILE, TAR)));
  }

  private static List<Case> mirrors() throws IOException {
    byte[] damaged = Archives.gzip(TAR);
    damaged[damaged.length - 9] ^= 1;
    return List.of(
        http(
                "mirror-wrong",
                FILE,
                "the first mirror has other bytes than the digest",
                x -> x.whole(x.targets("right") ? OLD : NEW, ONE))
            .mirror("right.bin")
            .pinned(OLD)
            .becomes(line(FILE, OLD)),
        http(
                "mirror-damaged",
                "content.tar.gz",
                "the first mirror has a damaged archive",
                x -> x.whole(x.targets("right") ? Archives.gzip(TAR) : damaged, ONE))
            .mirror("right.tar.gz")
            .becomes(HELLO),
        http(
                "mirror-short",
                "content.tar",
                "the first mirror has a tar that was cut off",
                x -> x.whole(x.targets("right") ? TAR : Arrays.copyOf(TAR, 700), ONE))
            .mirror("right.tar")
            .becomes(HELLO),
        http(
                "mirrors-all-wrong",
                FILE,
                "each mirror has something else, and none the right bytes",
                x -> {
                  if (x.targets("b.bin")) {
                    x.status("404 Not Found");
                  } else {
                    x.whole(NEW, ONE);
                  }
                })
            .mirror("b.bin")
            .pinned(OLD)
            .refused(
                Reason.DigestMismatch,
                "/weights.bin has sha256:",
                "spec.source.http.digest",
                "/b.bin answers 404"));
  }
}
