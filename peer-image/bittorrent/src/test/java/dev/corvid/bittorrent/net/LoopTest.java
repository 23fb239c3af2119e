package dev.corvid.bittorrent.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOError;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LoopTest {
  @Test
  void whenItsSelectorFailsTheThreadEndsWithAnErrorAndNobodyWaitsForIt() throws Exception {
    var before = Thread.getDefaultUncaughtExceptionHandler();
    var uncaught = new CompletableFuture<Throwable>();
    Thread.setDefaultUncaughtExceptionHandler((_, problem) -> uncaught.complete(problem));
    try {
      var selector = Selector.open();
      var loop = new Loop("test", selector);
      selector.close();

      assertThat(uncaught.get(60, TimeUnit.SECONDS))
          .isInstanceOf(IOError.class)
          .hasMessageContaining("The selector of test failed");
      var dropped = new CompletableFuture<Void>();
      loop.executeOrDrop(() -> {}, () -> dropped.complete(null));
      assertThat(dropped).isCompleted();
      loop.close();
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
  }

  @Test
  void aHandlerWhoseClosingFailsDoesNotEndTheOthers() throws Exception {
    var failed = new CompletableFuture<Void>();
    var pipe = Pipe.open();
    try (var sink = pipe.sink();
        var source = pipe.source();
        var loop = new Loop("test")) {
      source.configureBlocking(false);
      var handler =
          new Loop.Handler() {
            @Override
            public void ready(SelectionKey key) throws IOException {
              throw new IOException("for a test");
            }

            @Override
            public void failed(IOException cause) {
              try {
                source.close();
              } catch (IOException e) {
                failed.completeExceptionally(e);
              }
              failed.complete(null);
              throw new IllegalStateException("a defect, for a test");
            }
          };
      loop.execute(
          () -> {
            try {
              loop.register(source, SelectionKey.OP_READ, handler);
            } catch (IOException e) {
              failed.completeExceptionally(e);
            }
          });
      sink.write(ByteBuffer.wrap(new byte[1]));
      failed.get(60, TimeUnit.SECONDS);

      var alive = new CompletableFuture<Void>();
      loop.execute(() -> alive.complete(null));
      alive.get(60, TimeUnit.SECONDS);
    }
  }
}
