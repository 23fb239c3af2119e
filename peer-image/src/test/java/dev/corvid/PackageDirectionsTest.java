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
import dev.corvid.swarm.WebSeed;
import java.util.List;

/** Which package may know which: a boundary is a failing build, not advice. */
@AnalyzeClasses(packages = "dev.corvid", importOptions = ImportOption.DoNotIncludeTests.class)
class PackageDirectionsTest {
  @ArchTest static final ArchRule metainfoKnowsNobody = knowsOnly("metainfo");
  @ArchTest static final ArchRule timeKnowsNobody = knowsOnly("time");
  @ArchTest static final ArchRule netKnowsNobody = knowsOnly("net");

  @ArchTest
  static final ArchRule announceKnowsMetainfo =
      knowsOnly("announce", "metainfo", "http", "net", "time");

  @ArchTest static final ArchRule swarmKnowsMetainfo = knowsOnly("swarm", "metainfo", "net");

  @ArchTest
  static final ArchRule storeKnowsTheSwarm = knowsOnly("store", "wire", "metainfo", "swarm");

  @ArchTest static final ArchRule telemetryKnowsHttp = knowsOnly("telemetry", "http", "log");
  @ArchTest static final ArchRule trustKnowsTheWire = knowsOnly("trust", "wire");

  @ArchTest
  static final ArchRule trackerMovesNoBytes =
      knowsOnly("tracker", "wire", "announce", "metainfo", "net", "trust", "telemetry", "http");

  @ArchTest
  static final ArchRule nodeKnowsNoOtherRole =
      knowsOnly(
          "node", "wire", "log", "metainfo", "net", "swarm", "store", "trust", "telemetry", "http");

  @ArchTest
  static final ArchRule seederKnowsNoOtherRole =
      knowsOnly(
          "seeder",
          "wire",
          "log",
          "time",
          "metainfo",
          "net",
          "swarm",
          "store",
          "trust",
          "telemetry",
          "http");

  @ArchTest
  static final ArchRule packagesAreFreeOfCycles =
      SlicesRuleDefinition.slices().matching("dev.corvid.(*)..").should().beFreeOfCycles();

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
      noClasses().should().callMethod(Thread.class, "sleep", long.class);

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
                        || allowed.contains(other.getPackageName())))
        .allowEmptyShould(true);
  }
}
