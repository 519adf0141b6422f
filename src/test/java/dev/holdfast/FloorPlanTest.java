package dev.holdfast;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import dev.holdfast.text.Loggers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The floor plan of the library. A package may use packages of lower floors only, none beside it on
 * its own floor, and of foreign libraries only those named for it here. A new package needs a line
 * here before it can hold a class.
 */
class FloorPlanTest {
  private static final String ROOT = Structure.ROOT;
  private static final String SERVLET_API = "jakarta.servlet..";
  private static final String LETTUCE = "io.lettuce..";
  private static final String NETTY = "io.netty..";
  private static final String REACTOR = "reactor..";
  private static final String KRYO = "com.esotericsoftware..";
  private static final String ASM = "org.objectweb.asm..";
  private static final String SLF4J = "org.slf4j..";
  private static final String MICROMETER = "io.micrometer.core.instrument..";
  private static final String PICOCLI = "picocli..";
  private static final String CAFFEINE = "com.github.benmanes.caffeine..";

  /** What any package may use besides its lower floors: the JDK, and annotations. */
  private static final List<String> EVERYWHERE =
      List.of(
          "java..",
          "javax.crypto..",
          "javax.management..",
          "javax.naming..",
          "javax.net..",
          "javax.security..",
          "javax.sql..",
          "javax.xml.stream..",
          "org.jspecify.annotations..");

  private static final Structure STRUCTURE = Structure.ofLibrary();
  private static final JavaClasses LIBRARY = STRUCTURE.classes();

  /** One room of the plan: its package, its floor, and the foreign packages it may use. */
  private enum Room {
    /** The command line, which runs without a container. */
    COMMAND_LINE(6, ROOT + ".cli", PICOCLI),
    FRONT_DOOR(6, ROOT, SERVLET_API, "javax.servlet.."),
    SERVLET(5, ROOT + ".servlet", SERVLET_API, SLF4J),
    /** The admin view, beside the boundary: neither knows the other. */
    ADMIN(5, ROOT + ".admin", SERVLET_API),
    CONTAINER(4, ROOT + ".container", SERVLET_API),
    DOCTOR(4, ROOT + ".doctor"),
    /** JDK only, and the cache of resident sessions: bounded by weight, which the JDK lacks. */
    SESSION(3, ROOT + ".session", CAFFEINE),
    SEALING(2, ROOT + ".sealing", CAFFEINE),
    /** When sessions are backed up and come back; knows neither Redis nor JDBC. */
    BACKUP(2, ROOT + ".backup", CAFFEINE),
    JDBC(2, ROOT + ".backup.jdbc"),
    REDIS(2, ROOT + ".redis", LETTUCE, NETTY, REACTOR, CAFFEINE),
    /** Runs without a server; sees class files, and of the classes of a WAR only what they tell. */
    PREFLIGHT(2, ROOT + ".preflight", ASM),
    REDIS_CLIENT(1, ROOT + ".redis.client", LETTUCE, NETTY, REACTOR),
    CODEC(1, ROOT + ".codec", KRYO),
    /** Loaded only where the application brings Micrometer. */
    MICROMETER_METERS(1, ROOT + ".micrometer", MICROMETER),
    STORE(0, ROOT + ".store"),
    SECURITY(0, ROOT + ".security"),
    METRICS(0, ROOT + ".metrics"),
    CONFIG(0, ROOT + ".config"),
    /** Below the others of its floor, which throw its exceptions. */
    API(-1, ROOT + ".api", SERVLET_API, MICROMETER),
    TEXT(-2, ROOT + ".text");

    final int floor;
    final String packageName;
    final List<String> foreign;

    Room(int floor, String packageName, String... foreign) {
      this.floor = floor;
      this.packageName = packageName;
      this.foreign = List.of(foreign);
    }

    boolean mayUse(Room other) {
      return other == this || other.floor < floor;
    }
  }

  @BeforeAll
  static void thereIsALibrary() {
    assertThat(LIBRARY).isNotEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void aRoomUsesOnlyLowerFloorsAndItsOwnLibraries(Room room) {
    List<String> allowed = new ArrayList<>(EVERYWHERE);
    allowed.addAll(room.foreign);
    Arrays.stream(Room.values())
        .filter(room::mayUse)
        .map(other -> other.packageName)
        .forEach(allowed::add);

    classes()
        .that()
        .resideInAPackage(room.packageName)
        .should()
        .onlyDependOnClassesThat(resideInAnyPackage(allowed.toArray(String[]::new)))
        .check(LIBRARY);
  }

  /** Elsewhere a logger would be that of whichever application of a server came first. */
  @Test
  void loggersComeFromOnePlace() {
    noClasses()
        .that()
        .areNotAssignableTo(Loggers.class)
        .should()
        .callMethod(System.class, "getLogger", String.class)
        .check(LIBRARY);
  }

  @Test
  void everyPackageIsOnThePlan() {
    Set<String> planned =
        Stream.of(Room.values()).map(room -> room.packageName).collect(Collectors.toSet());

    assertThat(STRUCTURE.packages()).isSubsetOf(planned);
  }

  /** A ring is a knot: none of its classes can be read or tested without all of them. */
  @ParameterizedTest
  @EnumSource
  void noRingOfARoomHasMoreThanSixClasses(Room room) {
    assertThat(STRUCTURE.rings(room.packageName))
        .as("largest ring")
        .allSatisfy(ring -> assertThat(ring).hasSizeLessThanOrEqualTo(6));
  }

  @Test
  void noPackageIsNamedAfterWhatItIsNot() {
    noClasses()
        .should()
        .resideInAnyPackage("..util..", "..common..", "..impl..", "..internal..")
        .check(LIBRARY);
  }

  @Test
  void packagesFormNoCycle() {
    slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(LIBRARY);
  }

  @Test
  void onlyTheRedisPackagesKnowLettuceAndNetty() {
    noClasses()
        .that(resideOutsideOfPackages(Room.REDIS.packageName, Room.REDIS_CLIENT.packageName))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(LETTUCE, NETTY, REACTOR)
        .check(LIBRARY);
  }

  @Test
  void onlyTheCodecKnowsKryo() {
    noClasses()
        .that(resideOutsideOfPackages(Room.CODEC.packageName))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(KRYO)
        .check(LIBRARY);
  }

  @Test
  void onlyItsRoomAndWhatAnApplicationNamesKnowMicrometer() {
    noClasses()
        .that(resideOutsideOfPackages(Room.MICROMETER_METERS.packageName, Room.API.packageName))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.micrometer..")
        .check(LIBRARY);
  }

  @Test
  void onlyTheServletBoundaryAndTheFrontDoorKnowServlets() {
    noClasses()
        .that(
            resideOutsideOfPackages(
                Room.FRONT_DOOR.packageName,
                Room.SERVLET.packageName,
                Room.ADMIN.packageName,
                Room.CONTAINER.packageName,
                Room.API.packageName))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(SERVLET_API)
        .check(LIBRARY);
  }
}
