package dev.corvid.e2e.bench.program;

/** What a program says of itself, in the words of all of them. */
public sealed interface Event {
  record Listening() implements Event {}

  record FirstPiece() implements Event {}

  record Progress(long bytes) implements Event {}

  /** Everything is there and verified. */
  record Complete() implements Event {}
}
