package dev.corvid.operator.release.step;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NameListTest {
  @Test
  void namesTheFirstFewAndCountsTheOthers() {
    var names = List.of("a", "b", "c", "d");

    assertThat(NameList.of(names, 4)).hasToString("a, b, c, d");
    assertThat(NameList.of(names, 2)).hasToString("a, b and 2 more");
    assertThat(NameList.of(List.of(), 2)).hasToString("");
  }
}
