package dev.corvid.node.torrent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.node.torrent.Event.Alarm;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class MailboxTest {
  private final Mailbox mailbox = new Mailbox(System::nanoTime);

  @Test
  void ringsTheEarliestAlarmFirstAndOnce() throws Exception {
    mailbox.wakeAfter(Alarm.CLEAN_UP, Duration.ofMillis(30));
    mailbox.wakeAfter(Alarm.RETRY, Duration.ofMillis(10));
    assertThat(mailbox.next()).isEqualTo(Alarm.RETRY);
    assertThat(mailbox.next()).isEqualTo(Alarm.CLEAN_UP);
  }

  @Test
  void setsAnAlarmAnewInsteadOfTwice() throws Exception {
    mailbox.wakeAfter(Alarm.RETRY, Duration.ofHours(1));
    mailbox.wakeAfter(Alarm.RETRY, Duration.ZERO);
    assertThat(mailbox.next()).isEqualTo(Alarm.RETRY);
    mailbox.send(new Event.DuplicateReleased());
    assertThat(mailbox.next()).isEqualTo(new Event.DuplicateReleased());
  }

  @Test
  void deliversAMessageWhileAnAlarmIsStillFar() throws Exception {
    mailbox.wakeAfter(Alarm.RETRY, Duration.ofHours(1));
    Thread.ofVirtual().start(() -> mailbox.send(new Event.Closing()));
    assertThat(mailbox.next()).isEqualTo(new Event.Closing());
  }
}
