package dev.corvid.operator;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Which package may know which: a boundary is a failing build, not advice. All may know the
 * configuration and the metadata of objects. The top package wires them all, and none knows it.
 */
@AnalyzeClasses(
    packages = "dev.corvid.operator",
    importOptions = ImportOption.DoNotIncludeTests.class)
class PackageDirectionsTest {
  private static final String OPERATOR = "dev.corvid.operator";
  private static final List<String> KNOWN_TO_ALL = List.of("config", "metadata");

  @ArchTest static final ArchRule configKnowsNobody = knowsOnly("config");
  @ArchTest static final ArchRule metadataKnowsNobody = knowsOnly("metadata");
  @ArchTest static final ArchRule httpKnowsNobody = knowsOnly("http");
  @ArchTest static final ArchRule podKnowsNobody = knowsOnly("pod");
  @ArchTest static final ArchRule labelKnowsNobody = knowsOnly("label");
  @ArchTest static final ArchRule trustKnowsNobody = knowsOnly("trust");
  @ArchTest static final ArchRule trackerKnowsPods = knowsOnly("tracker", "pod");
  @ArchTest static final ArchRule seederKnowsPods = knowsOnly("seeder", "pod");
  @ArchTest static final ArchRule fleetKnowsTheTracker = knowsOnly("fleet", "tracker");
  @ArchTest static final ArchRule volumeKnowsLabels = knowsOnly("volume", "label");
  @ArchTest static final ArchRule uninstallKnowsNobody = knowsOnly("uninstall");

  @ArchTest static final ArchRule releaseStepKnowsNobody = knowsOnly("release.step");

  @ArchTest
  static final ArchRule releaseRecordKnowsSteps =
      knowsOnly("release.record", "release.step", "fleet", "trust");

  @ArchTest
  static final ArchRule releaseRolloutKnowsRecords =
      knowsOnly("release.rollout", "release.record", "release.step", "fleet");

  @ArchTest
  static final ArchRule releaseGrantKnowsRollouts =
      knowsOnly("release.grant", "release.rollout", "release.step", "fleet", "tracker", "trust");

  @ArchTest
  static final ArchRule releaseSeederKnowsSteps =
      knowsOnly("release.seeder", "release.step", "fleet", "pod", "seeder", "tracker", "trust");

  @ArchTest
  static final ArchRule releaseVolumeKnowsSteps = knowsOnly("release.volume", "release.step");

  @ArchTest
  static final ArchRule releaseStatusKnowsWhatItReports =
      knowsOnly(
          "release.status",
          "release.grant",
          "release.record",
          "release.rollout",
          "release.step",
          "release.volume",
          "fleet");

  @ArchTest
  static final ArchRule releaseWatchKnowsTheObjectsOfARelease =
      knowsOnly(
          "release.watch",
          "release.record",
          "release.step",
          "fleet",
          "label",
          "pod",
          "seeder",
          "tracker",
          "volume");

  @ArchTest
  static final ArchRule releaseStateKnowsNoWatches =
      knowsOnly(
          "release.state",
          "release.record",
          "release.rollout",
          "release.seeder",
          "release.status",
          "release.step");

  @ArchTest
  static final ArchRule packagesAreFreeOfCycles =
      SlicesRuleDefinition.slices().matching("dev.corvid.(**)").should().beFreeOfCycles();

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

  /**
   * Lines of a release go through ReleaseLog of the contract, which knows the JDK's logger. The
   * console's format is a setting of the log manager, and SLF4J has no word for it.
   */
  @ArchTest
  static final ArchRule everybodyLogsBySlf4j =
      noClasses()
          .that()
          .doNotHaveSimpleName("JsonConsole")
          .should()
          .dependOnClassesThat()
          .areAssignableTo(System.Logger.class)
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(java.util.logging.Logger.class)
          .orShould()
          .dependOnClassesThat()
          .resideInAnyPackage("org.jboss.logging..", "io.quarkus.logging..");

  private static ArchRule knowsOnly(String name, String... others) {
    var allowed =
        Stream.concat(KNOWN_TO_ALL.stream(), Stream.of(others))
            .map(other -> OPERATOR + "." + other)
            .toList();
    var own = OPERATOR + "." + name;
    return classes()
        .that()
        .resideInAPackage(own + "..")
        .should()
        .onlyDependOnClassesThat(
            describe(
                "are of " + own + ", " + allowed + " or a library",
                (JavaClass other) ->
                    !(other.getPackageName() + ".").startsWith(OPERATOR + ".")
                        || (other.getPackageName() + ".").startsWith(own + ".")
                        || allowed.stream().anyMatch(other.getPackageName()::startsWith)));
  }
}
