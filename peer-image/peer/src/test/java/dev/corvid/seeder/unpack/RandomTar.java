package dev.corvid.seeder.unpack;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;

/**
 * A tar of what archives have and writers differ in: links, duplicates, long names of each kind,
 * pax records, holes, odd numbers. Now and then something that must be refused.
 */
public final class RandomTar {
  private static final int BLOCK = RawTar.BLOCK;
  private static final String LONG = "long-" + "n".repeat(120);

  private static final List<String> NAMES =
      List.of(
          "a",
          "b",
          "c",
          "d",
          "dir/a",
          "dir/b",
          "dir/sub/c",
          "e",
          " blank ",
          "\u00fcml\u00e4ut",
          "back\\slash",
          "tab\tname",
          LONG,
          "dir/" + LONG,
          "p".repeat(90) + "/" + "q".repeat(60));

  private final Random random;
  private final RawTar tar = new RawTar();
  private final TreeMap<String, Character> kinds = new TreeMap<>();
  private final List<String> made = new ArrayList<>();
  private final boolean leavesLinksOut;
  private boolean refused;

  public RandomTar(long seed) {
    this(seed, false);
  }

  /**
   * @param leavesLinksOut whether links that lead out are no reason to refuse it; then there are
   *     more
   */
  public RandomTar(long seed, boolean leavesLinksOut) {
    this.random = new Random(seed);
    this.leavesLinksOut = leavesLinksOut;
    if (random.nextInt(4) == 0) {
      tar.globalPax("comment", "of\nall\0");
    }
    tar.file("first", "x");
    kinds.put("first", 'f');
    for (int left = 1 + random.nextInt(12); left > 0; left--) {
      add();
    }
  }

  public byte[] bytes() {
    byte[] whole = tar.end();
    return random.nextInt(4) == 0 ? Arrays.copyOf(whole, whole.length - BLOCK) : whole;
  }

  boolean hasWhatIsRefused() {
    return refused;
  }

  private void add() {
    if (random.nextBoolean()) {
      tar.gnu();
    } else {
      tar.posix();
    }
    var name = NAMES.get(random.nextInt(NAMES.size()));
    switch (random.nextInt(12)) {
      case 0, 1, 2, 3 -> file(name);
      case 4 -> sparse(name);
      case 5 -> directory("dirs/" + random.nextInt(3));
      case 6, 7 -> link(name);
      case 8, 9, 10 -> hardLink(name);
      default -> odd(name);
    }
  }

  /**
   * What is at a path when an entry of that kind is added; anything else than its own is refused.
   */
  private void put(String path, char kind, String what) {
    made.add(what + " " + path);
    for (int at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) {
      var parent = kinds.putIfAbsent(path.substring(0, at), 'd');
      refused |= parent != null && parent != 'd';
    }
    var earlier = kinds.put(path, kind);
    refused |= earlier != null && earlier != kind;
  }

  private void file(String name) {
    put(name, 'f', "file");
    byte[] body = noise(random.nextInt(1500));
    named(name, '0', "", body.length, random.nextBoolean() ? 0755 : 0644, body);
  }

  private void directory(String name) {
    put(name, 'd', "directory");
    named(name + (random.nextBoolean() ? "/" : ""), '5', "", 0, 0755, new byte[0]);
  }

  private void link(String name) {
    put(name, 'l', "link");
    var text =
        switch (random.nextInt(leavesLinksOut ? 7 : 4)) {
          case 4 -> "/nowhere/" + name;
          case 5 -> "../".repeat(1 + (int) depth(name)) + "nowhere";
          case 6 -> "dir/../first";
          case 0 -> "first";
          case 1 -> "./dangling/x";
          case 2 -> "../".repeat((int) name.chars().filter(c -> c == '/').count()) + "first";
          default -> LONG;
        };
    named(name, '2', text, random.nextInt(3) == 0 ? 700 : 0, 0777, new byte[0]);
  }

  private void hardLink(String name) {
    var targets = kinds.entrySet().stream().filter(entry -> entry.getValue() != 'd').toList();
    var target = targets.get(random.nextInt(targets.size()));
    boolean missing = random.nextInt(12) == 0;
    refused |= missing;
    if (target.getValue() == 'l' && !leavesLinksOut && depth(target.getKey()) != depth(name)) {
      // Its text may lead out there.
      refused = true;
    }
    put(name, target.getValue(), "hard link to " + target.getKey() + " as");
    var size = random.nextInt(3) == 0 ? 700 : 0;
    named(name, '1', missing ? "missing" : target.getKey(), size, 0644, new byte[0]);
  }

  private static long depth(String name) {
    return name.chars().filter(c -> c == '/').count();
  }

  private void odd(String name) {
    byte[] body = noise(1 + random.nextInt(600));
    byte[] header;
    switch (random.nextInt(6)) {
      case 0 -> {
        name = "odd-blank";
        header = tar.header(name, '0', "", body.length, 0644);
        RawTar.put(header, 108, "        ");
        RawTar.put(header, 116, "        ");
      }
      case 1 -> {
        name = "odd-binary";
        header = tar.header(name, '0', "", body.length, 0644);
        RawTar.put(header, 124, "\0".repeat(12));
        header[124] = (byte) 0x80;
        header[134] = (byte) (body.length >> 8);
        header[135] = (byte) body.length;
      }
      case 2 -> {
        name = "odd-v7";
        header = tar.header(name, '\0', "", body.length, 0755);
        RawTar.put(header, 257, "\0".repeat(8));
      }
      case 3 -> {
        name = "odd-contiguous";
        header = tar.header("./" + name, '7', "", body.length, 0644);
      }
      case 4 -> {
        name = "odd-spaces";
        header = tar.header(name, '0', "", 0, 0644);
        RawTar.put(header, 100, "   755 \0");
        RawTar.put(header, 124, "%11o ".formatted(body.length));
      }
      default -> {
        put("odd-quota", 'd', "quota");
        tar.entry(tar.header("odd-quota/", '5', "", 1024, 0755), new byte[0]);
        return;
      }
    }
    put(name, 'f', "odd");
    tar.entry(header, body);
  }

  private void sparse(String name) {
    if (name.length() > 90) {
      return;
    }
    int count = random.nextInt(9);
    var regions = new long[2 * count + 2];
    int at = 0;
    int stored = 0;
    for (int i = 0; i < count; i++) {
      at += (i == 0 ? random.nextInt(3) : 1 + random.nextInt(3)) * BLOCK;
      // Whole blocks but for the last, and apart, as GNU tar writes them.
      int length = i < count - 1 ? BLOCK * random.nextInt(4) : 1 + random.nextInt(900);
      regions[2 * i] = at;
      regions[2 * i + 1] = length;
      at += length;
      stored += length;
    }
    int size = at + random.nextInt(2) * 1000;
    // As GNU tar ends a map: where the file does.
    regions[2 * count] = size;
    put(name, 'f', "sparse");
    byte[] body = noise(stored);
    tar.posix();
    switch (random.nextInt(3)) {
      case 0 -> tar.oldSparse(name, size, body, regions);
      case 1 ->
          tar.pax(
                  "GNU.sparse.size",
                  "" + size,
                  "GNU.sparse.numblocks",
                  "" + (count + 1),
                  "GNU.sparse.name",
                  name,
                  "GNU.sparse.map",
                  joined(regions, ","))
              .file("GNUSparseFile.1/x", body, 0644);
      default -> {
        byte[] map =
            ((count + 1) + "\n" + joined(regions, "\n") + "\n").getBytes(StandardCharsets.UTF_8);
        int mapped = Math.ceilDiv(map.length, BLOCK) * BLOCK;
        byte[] whole = Arrays.copyOf(map, mapped + body.length);
        System.arraycopy(body, 0, whole, mapped, body.length);
        tar.pax(
                "GNU.sparse.major",
                "1",
                "GNU.sparse.minor",
                "0",
                "GNU.sparse.name",
                name,
                "GNU.sparse.realsize",
                "" + size)
            .file("GNUSparseFile.1/x", whole, 0644);
      }
    }
  }

  private static String joined(long[] numbers, String separator) {
    return String.join(
        separator, Arrays.stream(numbers).mapToObj(Long::toString).toArray(String[]::new));
  }

  /** With the name and the link's text in whichever way holds them. */
  private void named(String name, char type, String text, long size, int mode, byte[] body) {
    var dotted = random.nextInt(3) == 0 ? "./" + name : name;
    boolean pax = random.nextInt(3) == 0;
    var shown = shortened(dotted);
    var shownText = shortened(text);
    if (pax) {
      var length = "" + (type == '1' ? 0 : size);
      if (text.isEmpty()) {
        tar.pax("mtime", "1.5", "path", dotted, "size", length);
      } else {
        tar.pax("path", dotted, "linkpath", text, "size", length);
      }
    } else {
      if (!shown.equals(dotted) || random.nextInt(5) == 0) {
        tar.longName(dotted);
      }
      if (!shownText.equals(text)) {
        tar.longLink(text);
      }
    }
    tar.entry(tar.header(shown, type, shownText, size, mode), body);
  }

  private static String shortened(String name) {
    return name.getBytes(StandardCharsets.UTF_8).length > 100 ? name.substring(0, 50) : name;
  }

  private byte[] noise(int length) {
    var bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  @Override
  public String toString() {
    return String.join(", ", made);
  }
}
