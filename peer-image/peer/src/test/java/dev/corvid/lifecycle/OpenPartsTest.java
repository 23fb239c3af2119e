package dev.corvid.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OpenPartsTest {
  private final List<String> closed = new ArrayList<>();
  private final OpenParts parts = new OpenParts();

  @AfterEach
  void clearTheInterrupt() {
    Thread.interrupted();
  }

  @Test
  void theLastOneIsClosedFirstAndEachOnce() throws IOException {
    open("disk");
    open("swarm");
    parts.close();
    parts.close();
    assertThat(closed).containsExactly("swarm", "disk");
  }

  @Test
  void whatFailsToCloseKeepsNothingOpen() {
    open("disk");
    fails("swarm", new AssertionError("a defect"));
    open("releases");
    fails("tracker", new IllegalStateException("is closed"));
    assertThatThrownBy(parts::close)
        .isInstanceOf(IOException.class)
        .hasMessage("cannot close the tracker")
        .hasRootCauseMessage("is closed")
        .satisfies(
            e -> assertThat(e.getSuppressed()).singleElement().asString().contains("a defect"));
    assertThat(closed).containsExactly("releases", "disk");
  }

  @Test
  void anErrorStaysOne() {
    open("disk");
    fails("swarm", new AssertionError("a defect"));
    assertThatThrownBy(parts::close).isInstanceOf(AssertionError.class).hasMessage("a defect");
    assertThat(closed).containsExactly("disk");
  }

  @Test
  void noPartSeesAnInterruptThatIsThereAgainAfterwards() {
    parts.add("disk", () -> closed.add("disk, interrupted: " + Thread.interrupted()));
    fails("swarm", new InterruptedException());
    parts.add("releases", () -> Thread.currentThread().interrupt());
    Thread.currentThread().interrupt();
    assertThatThrownBy(parts::close).hasMessage("cannot close the swarm");
    assertThat(closed).containsExactly("disk, interrupted: false");
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void whatFailedToOpenIsWhatIsThrown() {
    open("disk");
    fails("swarm", new IOException("is gone"));
    var failure = new IOException("the port is taken");
    parts.closeAfter(failure);
    assertThat(failure.getSuppressed()).singleElement().asString().contains("the swarm");
    assertThat(closed).containsExactly("disk");
  }

  private void open(String name) {
    parts.add(name, () -> closed.add(name));
  }

  private void fails(String name, Throwable failure) {
    parts.add(name, () -> OpenPartsTest.<RuntimeException>sneak(failure));
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> void sneak(Throwable failure) throws T {
    throw (T) failure;
  }
}
