package dev.corvid.node.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RefusalLogTest {
  private final Logger logger = Logger.getLogger(RefusalLog.class.getName());
  private final List<String> lines = new ArrayList<>();
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord line) {
          lines.add(line.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  private final RefusalLog refusals = new RefusalLog();

  @BeforeEach
  void listen() {
    logger.addHandler(handler);
  }

  @AfterEach
  void stop() {
    logger.removeHandler(handler);
  }

  @Test
  void logsAgainWhatCannotBeVerifiedAgainAfterASliceWasObeyedWhole() {
    refusals.unverified("a");
    refusals.refused("b");
    refusals.answerEnded(true);
    refusals.sliceObeyed();

    refusals.unverified("a");
    refusals.refused("b");
    assertThat(lines).containsExactly("refused a", "refused b", "refused a");
  }

  @Test
  void countsTheRefusalsOfASliceThatComesInPartsOnce() {
    for (int time = 0; time < 3; time++) {
      refusals.sliceBegins();
      for (int part = 0; part < 3; part++) {
        for (int grant = 0; grant < 500; grant++) {
          refusals.unverified(part + "-" + grant);
        }
        refusals.answerEnded(part == 2);
      }
    }
    assertThat(lines).filteredOn(line -> line.contains("more grants")).hasSize(2);
  }
}
