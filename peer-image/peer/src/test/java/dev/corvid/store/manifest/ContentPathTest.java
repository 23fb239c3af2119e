package dev.corvid.store.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.store.error.StoreException;
import dev.corvid.wire.Reason;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContentPathTest {
  /** The manifest is a file: there is no room for content below it. */
  @ParameterizedTest
  @ValueSource(strings = {".corvid-manifest", ".corvid-manifest/x", ".corvid-manifest/x/y"})
  void keepsTheManifestsNameForTheManifest(String path) {
    assertThatThrownBy(() -> ContentPath.check(path))
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.InvalidContent))
        .hasMessage("the path '" + path + "' is a name that Corvid keeps for the manifest");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a/.corvid-manifest", "a/.corvid-manifest/x", ".corvid-manifests/x"})
  void otherNamesAreFree(String path) throws Exception {
    assertThat(ContentPath.check(path)).asString(StandardCharsets.UTF_8).isEqualTo(path);
  }

  @Test
  void messagesShowAHostilePathWithEscapes() {
    assertThatThrownBy(() -> ContentPath.check("a\n\u001b[31m/../gpj.\u202Eexe"))
        .isInstanceOf(StoreException.class)
        .hasMessageStartingWith("the path 'a \\u001b[31m/../gpj.\\u202eexe' is not a plain");
    assertThatThrownBy(() -> ContentPath.linkTarget("l", "../\u001b[0m"))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("links to '../\\u001b[0m'");
  }
}
