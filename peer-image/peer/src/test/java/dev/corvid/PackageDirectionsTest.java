package dev.corvid;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import dev.corvid.bittorrent.WebSeed;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Which package may know which: a boundary is a failing build, not advice. */
@AnalyzeClasses(packages = "dev.corvid", importOptions = ImportOption.DoNotIncludeTests.class)
class PackageDirectionsTest {
  private static final String ENGINE = "bittorrent";

  @ArchTest static final ArchRule timeKnowsNobody = knowsOnly("time");
  @ArchTest static final ArchRule lifecycleKnowsNobody = knowsOnly("lifecycle");

  /** Its own module keeps Kubernetes and the wire records out by what it depends on. */
  @ArchTest static final ArchRule theEngineKnowsNobody = knowsOnly(ENGINE, "net");

  /** Users of the engine know its contract, its entry, metainfo and announces, and no more. */
  @ArchTest
  static final ArchRule theEnginesInsideIsItsOwn =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.corvid.bittorrent..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.corvid.bittorrent.wire",
              "dev.corvid.bittorrent.net",
              "dev.corvid.bittorrent.peers",
              "dev.corvid.bittorrent.pieces",
              "dev.corvid.bittorrent.policy",
              "dev.corvid.bittorrent.metadata",
              "dev.corvid.bittorrent.webseed");

  @ArchTest
  static final ArchRule openTrackerKnowsTheEngine =
      knowsOnly("opentracker", ENGINE, "http", "net", "time");

  @ArchTest static final ArchRule notationsKnowNobody = knowsOnly("wire.text");

  /** What nodes and seeders report refers to a grant, and never the other way round. */
  @ArchTest
  static final ArchRule aGrantKnowsNoReport =
      noClasses()
          .that()
          .resideInAPackage("dev.corvid.wire.grant")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.corvid.wire.node", "dev.corvid.wire.seeder", "dev.corvid.wire.operator");

  @ArchTest
  static final ArchRule storeKnowsTheEngine = knowsOnly("store", "wire", ENGINE, "lifecycle");

  @ArchTest
  static final ArchRule piecesKnowNoRelease =
      knowsOnly("store.piece", "store.disk", "store.manifest", "store.error", "wire", ENGINE);

  @ArchTest
  static final ArchRule finishedTreesKnowNoPieces =
      knowsOnly("store.tree", "store.disk", "store.manifest", "store.error", "wire", ENGINE);

  @ArchTest static final ArchRule telemetryKnowsHttp = knowsOnly("telemetry", "http", "log");
  @ArchTest static final ArchRule trustKnowsTheWire = knowsOnly("trust", "wire");

  @ArchTest
  static final ArchRule trackerMovesNoBytes =
      knowsOnly("tracker", "wire", "net", "trust", "telemetry", "http", "lifecycle");

  /** It neither waits nor answers: a simulation and a fuzz test drive it as the program does. */
  @ArchTest
  static final ArchRule theFleetsStateKnowsNoTransport = knowsOnly("tracker.fleet", "wire");

  @ArchTest
  static final ArchRule nodeKnowsNoOtherRole =
      knowsOnly(
          "node", "wire", "log", "net", ENGINE, "store", "trust", "telemetry", "http", "lifecycle");

  /** Releases continue without the tracker; what reports for them reads their state. */
  @ArchTest
  static final ArchRule releasesOfANodeKnowNoTracker =
      noClasses()
          .that()
          .resideInAPackage("dev.corvid.node.release")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.corvid.node.tracker");

  @ArchTest
  static final ArchRule seederKnowsNoOtherRole =
      knowsOnly(
          "seeder",
          "wire",
          "log",
          "time",
          "net",
          ENGINE,
          "store",
          "trust",
          "telemetry",
          "http",
          "lifecycle");

  @ArchTest
  static final ArchRule packagesAreFreeOfCycles =
      SlicesRuleDefinition.slices().matching("dev.corvid.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule peersOfAClusterNeverAskTheSource =
      noClasses()
          .that()
          .resideInAPackage("dev.corvid.node..")
          .should()
          .dependOnClassesThat()
          .areAssignableTo(WebSeed.class);

  @ArchTest
  static final ArchRule nobodySleeps =
      noClasses()
          .should()
          .callMethod(Thread.class, "sleep", long.class)
          .orShould()
          .callMethod(Thread.class, "sleep", long.class, int.class)
          .orShould()
          .callMethod(Thread.class, "sleep", Duration.class)
          .orShould()
          .callMethod(TimeUnit.class, "sleep", long.class)
          .orShould()
          .callMethod(LockSupport.class, "parkNanos", long.class)
          .orShould()
          .callMethod(LockSupport.class, "parkNanos", Object.class, long.class)
          .orShould()
          .callMethod(LockSupport.class, "parkUntil", long.class)
          .orShould()
          .callMethod(LockSupport.class, "parkUntil", Object.class, long.class);

  @ArchTest
  static final ArchRule everybodyLogsByTheJdk =
      noClasses()
          .should()
          .dependOnClassesThat()
          .areAssignableTo(System.Logger.class)
          .orShould()
          .dependOnClassesThat()
          .resideInAPackage("org.slf4j..");

  /** {@code formatted} takes the program's locale, which Corvid.main sets. */
  @ArchTest
  static final ArchRule nothingDependsOnTheLocaleOfTheMachine =
      noClasses()
          .should()
          .callMethod(String.class, "toLowerCase")
          .orShould()
          .callMethod(String.class, "toUpperCase")
          .orShould()
          .callMethod(String.class, "format", String.class, Object[].class);

  private static ArchRule knowsOnly(String name, String... others) {
    List<String> allowed = List.of(others).stream().map(other -> "dev.corvid." + other).toList();
    String own = "dev.corvid." + name;
    return classes()
        .that()
        .resideInAPackage(own + "..")
        .should()
        .onlyDependOnClassesThat(
            describe(
                "are of " + own + ", " + allowed + " or a library",
                (JavaClass other) ->
                    !other.getPackageName().startsWith("dev.corvid.")
                        || other.getPackageName().startsWith(own)
                        || allowed.stream().anyMatch(other.getPackageName()::startsWith)));
  }
}
