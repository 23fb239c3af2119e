package dev.corvid.e2e.scenario.reason;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.corvid.e2e.content.RawTar;
import dev.corvid.e2e.scenario.Tenant;
import dev.corvid.e2e.source.Answer;
import dev.corvid.e2e.source.SourceServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** All that can be wrong with a source, each with what is said about it. */
record BadSources(Tenant tenant, SourceServer elsewhere) {
  /** A Secret of the tenant with a password that is wrong everywhere. */
  static final String SECRET = "reader";

  /** Where {@link #elsewhere} answers the one that was redirected. */
  static final String REDIRECTED = "/redirected.tar";

  private static final String LARGE = "96Mi";

  /**
   * @param name of the release, too
   * @param spec all of it
   * @param message a part of what is said
   */
  record Bad(String name, String spec, String reason, String message) {
    @Override
    public String toString() {
      return name;
    }
  }

  List<Bad> all() throws IOException {
    return java.util.stream.Stream.of(unreachable(), wrong(), hostile())
        .flatMap(List::stream)
        .toList();
  }

  /** Nothing comes, or not all of it. */
  private List<Bad> unreachable() throws IOException {
    var address = InetAddress.getByName(tenant.lab().cluster().machineAddress());
    var file = tenant.lab().archives().resolve("unreachable.bin");
    Files.write(file, new byte[300_000]);
    var redirect = tenant.serve("away.tar", new Answer.Redirect(elsewhere.uri(REDIRECTED)));
    var guarded = new Answer.Guarded("Basic right", new Answer.Content(file));
    elsewhere.on(REDIRECTED, guarded);
    return List.of(
        bad("missing", serve("missing.tar", new Answer.Status(404)), "answers 404"),
        bad("broken-server", serve("500.tar", new Answer.Status(500)), "answers 500"),
        bad("refused", SourceServer.refusing(address) + "a.tar", "cannot be connected to"),
        bad("silent", serve("silent.bin", new Answer.Stalled(file, 70_000)), "silent.bin"),
        bad("cut-off", serve("cut.bin", new Answer.Truncated(file, 70_000)), "broke off after"),
        bad("metadata", "http://169.254.169.254/latest/a.tar", "a link-local address"),
        bad("loopback", "http://127.0.0.1:9090/metrics.tar", "a loopback address"),
        bad("loopback-v6", "http://[::1]:9090/metrics.tar", "a loopback address"),
        bad("nowhere", "http://nowhere.invalid/a.tar", "does not resolve"),
        withSecret("wrong-password", serve("guarded.tar", guarded), "answers 401"),
        withSecret("redirected", redirect.toString(), "no credentials were sent"));
  }

  /** All comes, and it is not what was wanted. */
  private List<Bad> wrong() throws IOException {
    byte[] fine = new RawTar(UTF_8).file("a", 0644, "a").bytes();
    var pinned =
        "{http: {url: \"%s\", digest: \"sha256:%s\"}}"
            .formatted(serve("fine.tar", fine), "0".repeat(64));
    byte[] large = new RawTar(UTF_8).file("a", 0644, "a".repeat(3 << 20)).bytes();
    var nameless = "{%s, unpack: {format: None}}".formatted(http(serve("", fine)));
    return List.of(
        new Bad("nameless", spec(nameless, LARGE), "InvalidSpec", "has none"),
        new Bad(
            "unpinned",
            spec(pinned, LARGE),
            "DigestMismatch",
            "spec.source.http.digest is sha256:00"),
        new Bad(
            "narrow-scratch",
            spec("{" + http(serve("large.tar", large)) + "}", "1Mi"),
            "InsufficientDisk",
            "raise spec.seeder.scratch.sizeLimit"));
  }

  /** An archive that must not be unpacked. */
  private List<Bad> hostile() throws IOException {
    byte[] noise = new byte[20_000];
    new java.util.Random(8).nextBytes(noise);
    byte[] whole = tar().file("a", 0644, "a".repeat(20_000)).bytes();
    var bomb = RawTar.bomb(tenant.lab().archives().resolve("bomb.tar.gz"));
    return List.of(
        invalid("corrupt-gzip", serve("noise.tar.gz", noise), "the archive is corrupt"),
        invalid("corrupt-tar", serve("noise.tar", noise), "not a tar at all"),
        invalid("corrupt-zip", serve("noise.zip", noise), "not a zip at all"),
        invalid(
            "half",
            serve("half.tar", java.util.Arrays.copyOf(whole, 9_000)),
            "the tar ends within an entry"),
        invalid(
            "parent",
            tar("parent", tar().file("../a", 0644, "a")),
            "leads out of the archive by .."),
        invalid(
            "absolute", tar("absolute", tar().file("/etc/a", 0644, "a")), "has an absolute path"),
        invalid(
            "link-out",
            tar("link", tar().link("a", "../../etc")),
            "which may lead out of the tree"),
        invalid(
            "link-absolute", tar("abs", tar().link("a", "/etc")), "only relative links are kept"),
        invalid("device", tar("device", tar().device("null")), "is a character device"),
        invalid(
            "twice",
            tar("twice", tar().file("a", 0644, "1").link("a", "b")),
            "an earlier one of that name is a file"),
        invalid(
            "below-link",
            tar("below", tar().link("a", "b").file("a/c", 0644, "c")),
            "not a directory"),
        invalid(
            "latin-1",
            tar("latin", new RawTar(ISO_8859_1).file("\u00e9t\u00e9", 0644, "a")),
            "not UTF-8"),
        invalid("empty", tar("empty", tar()), "the archive is empty"),
        invalid("no-bytes", serve("nothing.tar", new byte[0]), "the source has no bytes"),
        new Bad(
            "bomb",
            spec("{" + http(serve("bomb.tar.gz", new Answer.Content(bomb))) + "}", LARGE),
            "InsufficientDisk",
            "raise spec.seeder.scratch.sizeLimit"));
  }

  private static RawTar tar() {
    return new RawTar(UTF_8);
  }

  private String tar(String name, RawTar tar) throws IOException {
    return serve(name + ".tar", tar.bytes());
  }

  private String serve(String fileName, byte[] bytes) throws IOException {
    Path file = tenant.lab().archives().resolve(tenant.namespace() + "-" + fileName);
    return serve(fileName, new Answer.Content(Files.write(file, bytes)));
  }

  private String serve(String fileName, Answer answer) {
    return tenant.serve(fileName, answer).toString();
  }

  private static Bad bad(String name, String url, String message) {
    return new Bad(name, spec("{" + http(url) + "}", LARGE), "SourceUnreachable", message);
  }

  private static Bad invalid(String name, String url, String message) {
    return new Bad(name, spec("{" + http(url) + "}", LARGE), "InvalidContent", message);
  }

  private static Bad withSecret(String name, String url, String message) {
    var source = "{%s, secretRef: {name: %s}}".formatted(http(url), SECRET);
    return new Bad(name, spec(source, LARGE), "SourceAuthFailed", message);
  }

  /** A release of what is fine, which the bad one is to replace. */
  static String good(URI url) {
    return spec("{" + http(url.toString()) + "}", LARGE);
  }

  private static String http(String url) {
    return "http: {url: \"%s\"}".formatted(url);
  }

  private static String spec(String source, String scratch) {
    return """
        source: %s
        nodes: {selector: {}}
        seeder: {scratch: {sizeLimit: %s}}
        """
        .formatted(source, scratch);
  }
}
