package dev.corvid.operator.tracker;

import java.io.IOException;

/** The tracker's answer has more bytes than the operator reads; the rest of it was not read. */
final class AnswerTooLargeException extends IOException {
  private static final long serialVersionUID = 1L;

  AnswerTooLargeException(String message) {
    super(message);
  }
}
