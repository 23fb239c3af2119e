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
  private static final String NET = "dev.corvid.net";

  @ArchTest static final ArchRule metainfoKnowsNobody = knowsOnly(METAINFO);
  @ArchTest static final ArchRule netKnowsNobody = knowsOnly(NET);
  @ArchTest static final ArchRule announceKnowsMetainfo = knowsOnly(ANNOUNCE, METAINFO, NET);

  @ArchTest
  static final ArchRule theSwarmKnowsNoTracker =
      noClasses()
          .that()
          .resideInAPackage(ENGINE)
          .should()
          .dependOnClassesThat()
          .resideInAPackage(ANNOUNCE);

  @ArchTest
  static final ArchRule packagesAreFreeOfCycles =
      SlicesRuleDefinition.slices().matching("dev.corvid.(**)").should().beFreeOfCycles();

  private static ArchRule knowsOnly(String own, String... others) {
    var allowed = new String[others.length + 3];
    System.arraycopy(others, 0, allowed, 0, others.length);
    allowed[others.length] = own;
    allowed[others.length + 1] = "java..";
    allowed[others.length + 2] = "javax..";
    return classes()
        .that()
        .resideInAPackage(own)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(allowed);
  }
}
