package dev.corvid.bittorrent.policy;

import java.lang.management.ManagementFactory;

/**
 * The figures of the simulation: {@code make simulate}, or with arguments {@code PEERS PIECES
 * [SEEDS [MEGABITS [MILLISECONDS [REACTION [START]]]]]} one swarm, on links of that rate whose
 * buffers hold that much, of programs that take so many milliseconds to react: what they receive is
 * hashed, and waits for a processor. At first they take START more, which wears off within a
 * hundredth of START in seconds. The bench's links hold 50 ms and 128 KiB; with 5 ms of reaction
 * and 200 at the start, as nine programs on two processors have, 1 + 8 is what the bench measures;
 * with 470, as 21 of them have, so is 1 + 20.
 */
final class Simulate {
  private static final double LINK = 12.5e6;
  private static final int PIECE = 256 << 10;

  private Simulate() {}

  public static void main(String[] arguments) {
    System.out.println(
        "swarm                        median   last  fast  seeder: first copy, total  messages "
            + " wasted  CPU s");
    if (arguments.length >= 2) {
      var peers = Integer.parseInt(arguments[0]);
      var pieces = Integer.parseInt(arguments[1]);
      var seeds = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 1;
      var link = arguments.length > 3 ? Integer.parseInt(arguments[3]) * 1e6 / 8 : LINK;
      var waits =
          arguments.length > 4 ? new int[] {Integer.parseInt(arguments[4])} : new int[] {0, 50};
      var reaction = arguments.length > 5 ? Integer.parseInt(arguments[5]) : -1;
      var start = arguments.length > 6 ? Integer.parseInt(arguments[6]) : 0;
      for (var buffered : waits) {
        row(
            peers + " x " + pieces + ", " + buffered + " ms",
            seeds,
            () -> {
              var swarm = Scenario.equal(peers, link).pieces(pieces, PIECE).parts(4);
              return (reaction < 0 ? swarm : swarm.latency(reaction).starting(start, start / 100.0))
                  .buffered(buffered);
            });
      }
      return;
    }
    for (var buffered : new int[] {0, 20, 50}) {
      var wait = ", " + buffered + " ms";
      row("1 + 8" + wait, 3, () -> large(8).buffered(buffered));
      row("1 + 20" + wait, 3, () -> small(20).buffered(buffered));
      row("half at half, 8" + wait, 3, () -> large(8).halfOfThemAtHalfTheRate().buffered(buffered));
      row("joining over 30 s, 8" + wait, 3, () -> large(8).joiningOver(30).buffered(buffered));
      for (var what : Scenario.Misfortune.values()) {
        row("one " + what + wait, 3, () -> large(8).befalls(3, what, 0.5).buffered(buffered));
      }
      row(
          "seeder dies after one copy" + wait,
          3,
          () -> large(8).seederDiesAfterOneCopy().buffered(buffered));
      row("20 ms round trip" + wait, 3, () -> large(8).latency(10).buffered(buffered));
      row("200 x 256" + wait, 1, () -> Scenario.equal(200, LINK).parts(4).buffered(buffered));
    }
  }

  /** As the bench: 256 MiB at 100 Mbit/s. */
  private static Scenario large(int peers) {
    return Scenario.equal(peers, LINK).pieces(1024, PIECE);
  }

  /** As the bench: 128 MiB at 25 Mbit/s. */
  private static Scenario small(int peers) {
    return Scenario.equal(peers, LINK / 4).pieces(512, PIECE);
  }

  private static void row(String name, int seeds, java.util.function.Supplier<Scenario> scenario) {
    var began = cpuNanos();
    var sums = new double[7];
    var unfinished = 0L;
    for (var seed = 1; seed <= seeds; seed++) {
      var result = new Simulation(scenario.get().seed(seed)).run();
      var figures =
          new double[] {
            result.median(),
            result.last(),
            result.lastOfTheFast(),
            result.seederFirst(),
            result.seederCopies(),
            result.messages(),
            result.wasted()
          };
      for (var i = 0; i < sums.length; i++) {
        sums[i] += figures[i] / seeds;
      }
      unfinished += result.unfinished();
    }
    System.out.printf(
        "%-28s %6.3f %6.3f %5.2f       %6.3f     %6.3f       %5.1f   %5.3f  %4.1f%s%n",
        name,
        sums[0],
        sums[1],
        sums[2],
        sums[3],
        sums[4],
        sums[5],
        sums[6],
        (cpuNanos() - began) / 1e9,
        unfinished == 0 ? "" : "  unfinished: " + unfinished);
  }

  /** One thread simulates, so this is what one core would take, whatever else the machine does. */
  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }
}
