package dev.corvid.e2e.bench;

import java.util.Map;

/** One line of the comparison: something that several programs do, on the same ground. */
interface Row {
  /** Short, as on the command line. */
  String name();

  /** What is done, for who reads the results. */
  String title();

  /** How many times at most a program is run. */
  default int most(String program) {
    return Integer.MAX_VALUE;
  }

  /** Prepares the ground, which all programs and repeats share. */
  Stage open(Bench.Ground ground) throws Exception;

  /** The ground of one row; closing leaves nothing. */
  interface Stage extends AutoCloseable {
    /** The programs, in the order of a first repeat. */
    Map<String, Act> acts();

    @Override
    void close();
  }

  /** What one program does. */
  interface Act {
    /** Figures by measure; a run that fails throws. */
    Map<String, Double> play(int repeat) throws Exception;
  }
}
