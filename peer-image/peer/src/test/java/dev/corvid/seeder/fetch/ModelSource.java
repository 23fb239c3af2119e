package dev.corvid.seeder.fetch;

import dev.corvid.seeder.source.HttpTransport;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A source and its mirrors as a model, without sockets: files that are replaced while they are
 * fetched, servers behind one name that disagree, ranges and lengths in every form, cuts anywhere,
 * redirects, cookies, pauses and names of all kinds. An honest one means what it says of place and
 * version; a lying one need not, which only a pinned digest can find out.
 */
final class ModelSource implements HttpTransport {
  private static final String DATE = "Wed, 21 Oct 2015 07:28:30 GMT";

  private enum Tags {
    STRONG,
    BARE,
    WEAK,
    NONE,
    OLD_DATE,
    FRESH_DATE
  }

  private final Random random;
  private final List<byte[]> versions;
  private final boolean lying;
  private final Map<String, Tags> tags = new HashMap<>();
  private final Map<String, Integer> current = new HashMap<>();
  private final List<Object> trace = new ArrayList<>();
  private final OddHeaders odd;
  private Ranges healed;

  /** What a healed source makes of requests for a range. */
  private enum Ranges {
    SENT,
    IGNORED,
    REFUSED,
    HUNG_UP_ON,
    EMPTY,
    BEGUN_EARLIER
  }

  ModelSource(Random random, List<byte[]> versions, boolean lying) {
    this.random = random;
    this.versions = versions;
    this.lying = lying;
    this.odd = new OddHeaders(random);
  }

  /** What was asked and answered, for the message about a failure. */
  synchronized String trace() {
    return String.join("\n", trace.stream().map(String::valueOf).toList());
  }

  /** From now on all URLs send the first version, by the book, but for ranges, all in one way. */
  synchronized void heal() {
    healed = random.nextBoolean() ? Ranges.SENT : pick(Ranges.values());
    trace.add("healed; ranges are " + healed);
  }

  /** Whether some URL wants to be left alone for a time. */
  boolean hasAskedForAPause() {
    return odd.hasAskedForAPause();
  }

  @Override
  public synchronized Reply send(Request wanted) throws IOException {
    var url = wanted.url();
    var builder = HttpRequest.newBuilder(url.uri());
    wanted.headers().accept(builder);
    var request = builder.build().headers();
    var answer = new Head();
    trace.add(List.of(url, request.map()));
    trace.add(answer.values);
    if (healed != null) {
      return byTheBook(request, answer);
    }
    odd.into(answer::add);
    if (random.nextBoolean()) {
      answer.add("Accept-Ranges", pick("bytes", "none", "items, Bytes"));
    }
    if (random.nextInt(10) == 0) {
      throw new IOException("connection reset");
    }
    if (random.nextInt(12) == 0) {
      odd.location(url, answer::add);
      return answer.reply(pick(301, 302, 303, 307, 308, 300, 304), new byte[random.nextInt(3)]);
    }
    if (random.nextInt(8) == 0) {
      odd.pause(answer::add);
      return answer.reply(pick(204, 400, 401, 403, 404, 416, 429, 500, 503, 599), new byte[0]);
    }
    if (current.computeIfAbsent(url.host(), host -> choose()) < 0 || random.nextInt(6) == 0) {
      current.put(url.host(), choose());
    }
    int version = current.get(url.host());
    name(tags.computeIfAbsent(url.host(), host -> pick(Tags.values())), version, answer);
    var body = versions.get(lying && random.nextInt(4) == 0 ? choose() : version);
    var range = request.firstValue("Range");
    boolean conditional = request.firstValue("If-Range").isPresent();
    boolean current = request.firstValue("If-Range").filter(answer::isNamed).isPresent();
    boolean heeds = !conditional || current || random.nextBoolean();
    return range.isPresent() && heeds && random.nextInt(6) != 0
        ? part(range.get(), body, answer)
        : whole(body, answer);
  }

  private Reply byTheBook(HttpHeaders request, Head answer) throws IOException {
    answer.add("ETag", "\"healed\"");
    var body = versions.getFirst();
    var asked = request.firstValue("Range");
    if (asked.isPresent() && healed == Ranges.HUNG_UP_ON) {
      throw new IOException("connection reset");
    }
    boolean other = request.firstValue("If-Range").filter(tag -> !answer.isNamed(tag)).isPresent();
    if (asked.isEmpty() || other || body.length == 0 || healed == Ranges.IGNORED) {
      answer.add("Content-Length", body.length);
      return answer.reply(200, body);
    }
    int from = first(asked.get());
    int end = end(asked.get(), body.length);
    answer.add("Accept-Ranges", "bytes");
    if (from >= body.length || healed == Ranges.REFUSED) {
      return answer.reply(416, new byte[0]);
    }
    if (healed == Ranges.BEGUN_EARLIER && from > 1) {
      from--;
    }
    return sent(body, from, end, answer);
  }

  private Reply sent(byte[] body, int from, int end, Head answer) {
    answer.add("Content-Range", "bytes %d-%d/%d".formatted(from, end - 1, body.length));
    answer.add("Content-Length", end - from);
    return healed == Ranges.SENT
        ? answer.reply(206, Arrays.copyOfRange(body, from, end))
        : answer.cut(206, new byte[0]);
  }

  private void name(Tags kind, int version, Head answer) {
    // One of two servers; each has tags of its own.
    var tag = "v" + version + "-" + (random.nextInt(4) == 0 ? "b" : "a");
    if (random.nextInt(12) == 0) {
      return;
    }
    if (lying && random.nextInt(3) == 0) {
      tag = "v0-a";
    }
    answer.add("Date", DATE);
    switch (kind) {
      case STRONG -> answer.add("ETag", "\"" + tag + "\"");
      case BARE -> answer.add("ETag", tag);
      case WEAK -> answer.add("ETag", "W/\"1\"");
      case OLD_DATE ->
          answer.add("Last-Modified", "Wed, 21 Oct 2015 07:28:0%d GMT".formatted(version));
      case FRESH_DATE -> answer.add("Last-Modified", DATE);
      case NONE -> {}
    }
    if (random.nextInt(15) == 0) {
      // Of the version too: where there is no other, it is the one that is believed.
      answer.add("ETag", "\"another-" + version + "\"");
    }
  }

  private Reply whole(byte[] body, Head answer) {
    switch (random.nextInt(15)) {
      case 0 -> {
        answer.add("Content-Encoding", pick("gzip", "br", "gzip, identity"));
        answer.add("Content-Length", body.length + 1);
        return answer.reply(200, Arrays.copyOf(body, body.length + 1));
      }
      case 1 -> {
        answer.add("Content-Length", body.length);
        answer.add(pick("Transfer-Encoding", "Content-Length"), pick("chunked", "7"));
        return answer.reply(200, Arrays.copyOf(body, random.nextInt(body.length + 1)));
      }
      case 2 -> {
        int last = Math.max(0, body.length - 1) / 2;
        answer.add("Content-Range", "bytes 0-%d/%d".formatted(last, body.length));
        answer.add("Content-Length", last + 1);
        return answer.reply(pick(200, 206), Arrays.copyOf(body, last + 1));
      }
      case 3 -> {
        if (body.length > 0) {
          answer.add("Content-Range", "bytes 0-%d/%d".formatted(body.length - 1, body.length));
        }
      }
      case 4 -> {
        // It ends where the connection does, as in HTTP/1.0.
        int garbage = random.nextInt(4) == 0 ? 3 : 0;
        int end = random.nextInt(2) == 0 ? body.length + garbage : random.nextInt(body.length + 1);
        return answer.reply(200, Arrays.copyOf(body, end));
      }
      case 5 -> {
        answer.add("Content-Length", body.length);
        answer.add("Content-Length", body.length);
        return answer.reply(200, body);
      }
      default -> {}
    }
    return framed(200, body, answer);
  }

  private Reply part(String asked, byte[] body, Head answer) {
    int from = first(asked) + (random.nextInt(5) == 0 ? random.nextInt(7) - 3 : 0);
    int end = random.nextInt(5) == 0 ? from + 1 + random.nextInt(9) : end(asked, body.length);
    if (from < 0 || from >= body.length || random.nextInt(10) == 0) {
      answer.add("Content-Range", "bytes */" + body.length);
      return answer.reply(416, new byte[0]);
    }
    end = Math.min(end, body.length);
    var slice = Arrays.copyOfRange(body, from, end);
    int shift = lying && random.nextInt(4) == 0 ? random.nextInt(3) - 1 : 0;
    var total = random.nextInt(5) == 0 ? "*" : String.valueOf(body.length);
    var range = "bytes %d-%d/%s".formatted(from + shift, end - 1 + shift, total);
    switch (random.nextInt(12)) {
      case 0 -> answer.add("Content-Type", "multipart/byteranges; boundary=x");
      case 1 -> answer.add("Content-Range", pick("bytes", "bytes 5-3/9", "items 0-1/2", ""));
      case 2 -> {
        answer.add("Content-Range", range);
        answer.add("Content-Length", slice.length + 1);
        return answer.reply(206, slice);
      }
      case 3 -> {
        answer.add("Content-Range", range);
        answer.add("Transfer-Encoding", "chunked");
        return answer.reply(206, Arrays.copyOf(slice, slice.length + 2));
      }
      default -> answer.add("Content-Range", range);
    }
    return framed(answer.has("Content-Range") && random.nextInt(4) == 0 ? 200 : 206, slice, answer);
  }

  /** With a length or in chunks, and cut off or not. */
  private Reply framed(int status, byte[] body, Head answer) {
    if (random.nextInt(3) == 0) {
      answer.add("Transfer-Encoding", "chunked");
    } else {
      answer.add("Content-Length", body.length);
    }
    return random.nextInt(3) == 0
        ? answer.cut(status, Arrays.copyOf(body, random.nextInt(body.length + 1)))
        : answer.reply(status, body);
  }

  private int choose() {
    return random.nextInt(versions.size());
  }

  @SafeVarargs
  private <T> T pick(T... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private static int end(String range, int total) {
    var last = range.substring(range.indexOf('-') + 1);
    return last.isEmpty() ? total : Math.min(total, Integer.parseInt(last) + 1);
  }

  private static int first(String range) {
    return Integer.parseInt(range.replaceAll("bytes=(\\d+)-.*", "$1"));
  }

  @Override
  public void close() {}

  /** Headers of an answer. */
  private static final class Head {
    private final Map<String, List<String>> values = new HashMap<>();

    void add(String name, Object value) {
      values.computeIfAbsent(name, absent -> new ArrayList<>()).add(String.valueOf(value));
    }

    boolean has(String name) {
      return values.containsKey(name);
    }

    boolean isNamed(String validator) {
      return List.of(validator).equals(values.get("ETag"))
          || List.of(validator).equals(values.get("Last-Modified"));
    }

    Reply reply(int status, byte[] body) {
      return reply(status, new ByteArrayInputStream(body));
    }

    Reply cut(int status, byte[] body) {
      return reply(
          status,
          new FilterInputStream(new ByteArrayInputStream(body)) {
            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
              int count = super.read(target, offset, length);
              if (count < 0) {
                throw new IOException("closed");
              }
              return count;
            }

            @Override
            public int read() throws IOException {
              int one = super.read();
              if (one < 0) {
                throw new IOException("closed");
              }
              return one;
            }
          });
    }

    private Reply reply(int status, InputStream body) {
      return new Reply(status, HttpHeaders.of(values, (name, value) -> true), body, null);
    }
  }
}
