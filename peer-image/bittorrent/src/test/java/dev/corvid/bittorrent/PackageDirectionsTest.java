package dev.corvid.bittorrent;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;

/** Which package may know which, within the engine. */
@AnalyzeClasses(packages = "dev.corvid", importOptions = ImportOption.DoNotIncludeTests.class)
class PackageDirectionsTest {
  private static final String ENGINE = "dev.corvid.bittorrent";
  private static final String METAINFO = ENGINE + ".metainfo";
  private static final String ANNOUNCE = ENGINE + ".announce";
  private static final String WIRE = ENGINE + ".wire";
  private static final String PEERS = ENGINE + ".peers";
  private static final String PIECES = ENGINE + ".pieces";
  private static final String CONNECTIONS = ENGINE + ".net";
  private static final String POLICY = ENGINE + ".policy";
  private static final String WEBSEED = ENGINE + ".webseed";
  private static final String METADATA = ENGINE + ".metadata";
  private static final String NET = "dev.corvid.net";

  @ArchTest static final ArchRule metainfoKnowsNobody = knowsOnly(METAINFO);
  @ArchTest static final ArchRule netKnowsNobody = knowsOnly(NET);
  @ArchTest static final ArchRule theContractKnowsMetainfo = knowsOnly(ENGINE, METAINFO, NET);

  @ArchTest static final ArchRule announceKnowsNoSwarm = knowsOnly(ANNOUNCE, METAINFO, ENGINE, NET);

  @ArchTest static final ArchRule policyKnowsNobody = knowsOnly(POLICY);
  @ArchTest static final ArchRule wireKnowsNoTorrent = knowsOnly(WIRE, ENGINE, METAINFO, NET);

  @ArchTest
  static final ArchRule peersKnowNoConnection = knowsOnly(PEERS, ENGINE, METAINFO, WIRE, NET);

  @ArchTest
  static final ArchRule piecesKnowNoConnection = knowsOnly(PIECES, ENGINE, METAINFO, WIRE, NET);

  @ArchTest
  static final ArchRule connectionsKnowNeitherPolicyNorTorrent =
      knowsOnly(CONNECTIONS, ENGINE, METAINFO, WIRE, PEERS, PIECES, NET);

  @ArchTest
  static final ArchRule webSeedsKnowNoTorrent =
      knowsOnly(WEBSEED, ENGINE, METAINFO, WIRE, PIECES, CONNECTIONS, POLICY, NET);

  @ArchTest
  static final ArchRule metadataKnowsNoTorrent =
      knowsOnly(METADATA, ENGINE, METAINFO, WIRE, PEERS, PIECES, CONNECTIONS, NET);

  @ArchTest
  static final ArchRule theSwarmKnowsNoTracker =
      noClasses()
          .that()
          .resideOutsideOfPackage(ANNOUNCE)
          .should()
          .dependOnClassesThat()
          .resideInAPackage(ANNOUNCE);

  @ArchTest
  static final ArchRule packagesAreFreeOfCycles =
      SlicesRuleDefinition.slices().matching("dev.corvid.(**)").should().beFreeOfCycles();

  private static ArchRule knowsOnly(String own, String... others) {
    var allowed = new String[others.length + 4];
    System.arraycopy(others, 0, allowed, 0, others.length);
    allowed[others.length] = own;
    allowed[others.length + 1] = "java..";
    allowed[others.length + 2] = "javax..";
    allowed[others.length + 3] = "org.jspecify.annotations";
    return classes()
        .that()
        .resideInAPackage(own)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(allowed);
  }
}
