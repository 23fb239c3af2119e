package dev.corvid.swarm;

import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.BiConsumer;

/**
 * One answer of a web seed, handed to the loop chunk by chunk: the next is read only when the one
 * before has been dealt with, so that no more than one is held.
 */
final class WebTransfer implements BodyHandler<Void>, BodySubscriber<Void> {
  private final WebRange range;
  private final Loop loop;
  private final BiConsumer<WebTransfer, List<ByteBuffer>> arrived;
  private final BiConsumer<WebTransfer, String> ended;
  private final CompletableFuture<Void> body = new CompletableFuture<>();
  private volatile Flow.Subscription subscription;
  private volatile String refusal = "";
  private volatile boolean abandoned;
  private int left;

  /**
   * @param arrived called on the loop; asks for more by {@link #next}
   * @param ended called on the loop, with what went wrong or an empty text
   */
  WebTransfer(
      WebRange range,
      Loop loop,
      BiConsumer<WebTransfer, List<ByteBuffer>> arrived,
      BiConsumer<WebTransfer, String> ended) {
    this.range = range;
    this.loop = loop;
    this.arrived = arrived;
    this.ended = ended;
    this.left = range.length();
  }

  /** Reads the next chunk. Called on the loop, as is {@link #abandon}. */
  void next() {
    subscription.request(1);
  }

  void abandon() {
    abandoned = true;
    var begun = subscription;
    if (begun == null) return;
    if (left == 0) {
      begun.request(1);
    } else {
      begun.cancel();
    }
  }

  /** There is no answer, or no end of it. */
  void failed(Throwable cause) {
    var root = cause;
    while (root.getCause() != null) root = root.getCause();
    var message = root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    end(message);
  }

  @Override
  public BodySubscriber<Void> apply(ResponseInfo answer) {
    var contentRange = answer.headers().firstValue("Content-Range").orElse("");
    if (!range.answeredBy(answer.statusCode(), contentRange))
      refusal =
          "it answered with status %d and range '%s' when asked for %s"
              .formatted(answer.statusCode(), contentRange, range.header());
    return this;
  }

  @Override
  public CompletionStage<Void> getBody() {
    return body;
  }

  @Override
  public void onSubscribe(Flow.Subscription begun) {
    subscription = begun;
    if (abandoned || !refusal.isEmpty()) {
      begun.cancel();
      body.complete(null);
      end(refusal);
    } else {
      begun.request(1);
    }
  }

  @Override
  public void onNext(List<ByteBuffer> chunks) {
    loop.execute(() -> count(chunks));
  }

  @Override
  public void onError(Throwable cause) {
    body.completeExceptionally(cause);
  }

  @Override
  public void onComplete() {
    body.complete(null);
    loop.execute(() -> ended.accept(this, left == 0 ? "" : "its answer was cut off"));
  }

  private void count(List<ByteBuffer> chunks) {
    for (var chunk : chunks) left -= chunk.remaining();
    if (left < 0) {
      subscription.cancel();
      ended.accept(this, "it sent more than it was asked for");
    } else {
      arrived.accept(this, chunks);
    }
  }

  private void end(String trouble) {
    loop.execute(() -> ended.accept(this, trouble));
  }
}
