package dev.corvid.store;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ContentPathTest {
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
