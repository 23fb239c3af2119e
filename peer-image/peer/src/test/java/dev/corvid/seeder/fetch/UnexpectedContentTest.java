package dev.corvid.seeder.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.seeder.error.SourceException;
import dev.corvid.seeder.unpack.Archives;
import dev.corvid.wire.Reason;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What servers send with status 200 in place of the file, and what does not decide that it is. */
class UnexpectedContentTest {
  private static final byte[] PAGE = bytes("\n<!-- x -->\n<!DOCTYPE html><title>Sign in</title>");
  private static final byte[] POINTER =
      bytes(
          "version https://git-lfs.github.com/spec/v1\noid sha256:"
              + "0".repeat(64)
              + "\nsize 4915962496\n");
  private static final byte[] RIGHT = Archives.noise(1000);

  private final SourceServer server = new SourceServer();
  @TempDir Path scratch;

  @AfterEach
  void close() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<html><body>gone</body></html>",
        "\uFEFF<!doctype HTML>",
        "<?xml version=\"1.0\"?>\n<!DOCTYPE html PUBLIC \"x\"><html/>",
        "<!-- saved from x --><script>location='/'</script>",
        "  <H1>404</H1>",
        "<p>no",
        "<h2>404</h2>",
        "<form action=/login>",
        "<noscript>",
        "<main>",
        "<nav class='x'>",
        "<section>",
      })
  void aPageInPlaceOfAFileIsRefused(String page) {
    send("/model.bin", "text/html; charset=utf-8", bytes(page));

    refused(
        fixture("/model.bin"),
        Reason.InvalidContent,
        server.url("/model.bin") + " sends an HTML page",
        "check the URL and its credentials",
        "pin spec.source.http.digest: sha256:");
  }

  @Test
  void aPageOfAnotherHostIsNamedWithIt() {
    send("/login", "application/xhtml+xml", PAGE);
    server.redirect("/model.bin", "/login");

    refused(
        fixture("/model.bin"),
        Reason.InvalidContent,
        "/model.bin, which redirects to " + server.url("/login") + ", sends an HTML page");
  }

  @ParameterizedTest
  @CsvSource({
    "/index.html, text/html",
    "/a.HTM, text/html",
    "/a.xhtml, application/xhtml+xml",
    "/page.bin, application/octet-stream",
    "/page.txt, text/plain",
  })
  void aPageUnderAnHonestNameOrTypeIsAFile(String path, String type) throws Exception {
    send(path, type, PAGE);

    assertThat(fixture(path).fetch().tree().bytes()).isEqualTo(PAGE.length);
  }

  @ParameterizedTest
  @ValueSource(strings = {"weights", "{\"a\": 1}", "<svg xmlns='x'/>", "<?xml version='1.0'?><a/>"})
  void whatIsOnlyCalledHtmlIsAFile(String content) throws Exception {
    send("/x.bin", "text/html", bytes(content));

    assertThat(fixture("/x.bin").fetch().tree().files()).isOne();
  }

  @Test
  void aGitLfsPointerIsRefused() {
    send("/weights.safetensors", "text/plain", POINTER);

    refused(
        fixture("/weights.safetensors"),
        Reason.InvalidContent,
        "/weights.safetensors sends a Git LFS pointer to a file of 4.6Gi",
        "the URL that serves the file itself",
        "pin spec.source.http.digest: sha256:");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\uFEFF%s", "%s\n", "%s\r\n\r\n"})
  void aGitLfsPointerIsOneWithWhatAnEditorAdds(String form) {
    var pointer = form.formatted(new String(POINTER, StandardCharsets.UTF_8));
    send("/weights.safetensors", "text/plain", bytes(pointer));

    refused(fixture("/weights.safetensors"), Reason.InvalidContent, "a Git LFS pointer");
  }

  @Test
  void aFileThatBeginsLikeAPointerIsAFile() throws Exception {
    byte[] longer = Arrays.copyOf(POINTER, 5000);
    send("/notes.txt", "text/plain", longer);

    assertThat(fixture("/notes.txt").fetch().tree().bytes()).isEqualTo(5000);
  }

  @Test
  void noBytesAtAllAreRefused() {
    server.serve("/x.bin", new byte[0]);

    refused(
        fixture("/x.bin"),
        Reason.InvalidContent,
        "/x.bin sends no bytes",
        "pin spec.source.http.digest: sha256:e3b0c44298fc1c14");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/x.zip", "/x.tar", "/x.tar.gz", "/x.tar.zst", "/x.tar.bz2", "/x.tar.xz"})
  void anArchiveOfNoBytesIsEmptyAndNotCorrupt(String path) {
    server.serve(path, new byte[0]);

    var message = refused(fixture(path), Reason.InvalidContent, path, "the archive is empty");
    assertThat(message).doesNotContain("corrupt", "null");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/x.zip", "/x.tar", "/x.tar.gz", "/x.tar.zst", "/x.tar.bz2", "/x.tar.xz"})
  void aPageOrPointerInPlaceOfAnArchiveIsNamed(String path) {
    server.serve(path, PAGE);
    var page = refused(fixture(path), Reason.InvalidContent, path, "an HTML page", "credentials");
    server.serve(path, POINTER);
    var pointer = refused(fixture(path), Reason.InvalidContent, path, "a Git LFS pointer");

    assertThat(page + pointer).doesNotContain("corrupt");
  }

  @Test
  void theNextMirrorIsAsked() throws Exception {
    send("/a.bin", "text/html", PAGE);
    send("/b.bin", "text/plain", POINTER);
    server.serve("/c.bin", new byte[0]).serve("/d.bin", RIGHT);

    assertThat(fixture("/a.bin", "/b.bin", "/c.bin", "/d.bin").fetch().sourceDigest())
        .isEqualTo(ResponsesTest.digestOf(RIGHT));
    refused(
        fixture("/a.bin", "/b.bin", "/c.bin"),
        Reason.InvalidContent,
        "/a.bin sends an HTML page",
        "/b.bin sends a Git LFS pointer",
        "/c.bin sends no bytes");
  }

  @Test
  void aPinnedDigestDecides() throws Exception {
    for (byte[] bytes : new byte[][] {PAGE, POINTER, new byte[0]}) {
      send("/x.bin", "text/html", bytes);
      var fixture = fixture("/x.bin");
      fixture.digest = ResponsesTest.digestOf(bytes);

      assertThat(fixture.fetch().tree().bytes()).isEqualTo(bytes.length);
    }
  }

  @Test
  void anEarlierSeedersDigestDecides() throws Exception {
    send("/x.bin", "text/plain", POINTER);
    var same = fixture("/x.bin");
    same.pinned = FetchFixture.pinnedTo(ResponsesTest.digestOf(POINTER));
    assertThat(same.fetch().tree().files()).isOne();

    var changed = fixture("/x.bin");
    changed.pinned = FetchFixture.pinnedTo("sha256:" + "2".repeat(64));
    refused(
        changed, Reason.SourceChanged, "this release was made from sha256:222", "Git LFS pointer");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/x.bin", "/x.tar.gz", "/x.zip"})
  void aMismatchSaysWhatCame(String path) {
    send(path, "text/html", PAGE);
    var fixture = fixture(path);
    fixture.digest = "sha256:" + "1".repeat(64);

    refused(
        fixture, Reason.DigestMismatch, "spec.source.http.digest is sha256:111", "an HTML page");
  }

  @Test
  void theMessageOfOneUrlNamesItToo() {
    server.serve("/x.tar.gz", Archives.noise(1000));

    refused(fixture("/x.tar.gz"), Reason.InvalidContent, server.url("/x.tar.gz") + ": ");
  }

  private void send(String path, String type, byte[] content) {
    server.answer(
        path,
        exchange -> {
          exchange.getResponseHeaders().set("Content-Type", type);
          ResponsesTest.whole(exchange, content, "\"one\"", content.length);
        });
  }

  private FetchFixture fixture(String... paths) {
    return new FetchFixture(scratch, Arrays.stream(paths).map(server::url).toArray(String[]::new));
  }

  private static String refused(FetchFixture fixture, Reason reason, String... parts) {
    var message = new StringBuilder();
    assertThatThrownBy(fixture::fetch)
        .satisfies(e -> assertThat(e.getMessage()).contains(parts))
        .satisfies(e -> message.append(e.getMessage()))
        .asInstanceOf(InstanceOfAssertFactories.type(SourceException.class))
        .returns(reason, SourceException::reason);
    return message.toString();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
