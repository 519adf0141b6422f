package dev.holdfast;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.redis.testing.RunningRedis;
import jakarta.servlet.Servlet;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Constructor;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;

/** What is in the all-in-one jar, and that it works where nothing else is. */
class AllJarIT {
  private static final Path ALL_JAR = jar("holdfast.all.jar");
  private static final Path JAR = jar("holdfast.jar");
  private static final Path LIBS = jar("holdfast.libs");
  private static final String LIB = "dev.holdfast.lib.";

  private static Path jar(String property) {
    return Path.of(requireNonNull(System.getProperty(property), property));
  }

  @Test
  void everyClassIsOurs() throws IOException {
    assertThat(entries(ALL_JAR))
        .filteredOn(name -> name.endsWith(".class"))
        .hasSizeGreaterThan(5_000)
        .allSatisfy(name -> assertThat(name).startsWith("dev/holdfast/"))
        .noneSatisfy(name -> assertThat(name).endsWith("module-info.class"));
  }

  @Test
  void everyLibraryIsThere() throws IOException {
    assertThat(entries(ALL_JAR))
        .contains(
            "dev/holdfast/lib/io/lettuce/core/RedisClient.class",
            "dev/holdfast/lib/io/netty/channel/nio/NioIoHandler.class",
            "dev/holdfast/lib/io/netty/handler/ssl/SslHandler.class",
            "dev/holdfast/lib/reactor/core/publisher/Flux.class",
            "dev/holdfast/lib/org/reactivestreams/Publisher.class",
            "dev/holdfast/lib/com/esotericsoftware/kryo/kryo5/Kryo.class",
            "dev/holdfast/lib/com/github/benmanes/caffeine/cache/Caffeine.class");
  }

  @Test
  void besidesClassesItHoldsOnlyOurOwnMetadata() throws IOException {
    assertThat(entries(ALL_JAR))
        .filteredOn(name -> !name.endsWith(".class"))
        .allSatisfy(
            name ->
                assertThat(name)
                    .matches(
                        "META-INF/(MANIFEST\\.MF|LICENSE|NOTICE|web-fragment\\.xml|sbom/holdfast\\.cdx\\.json"
                            + "|maven/dev\\.holdfast/holdfast/pom\\.(xml|properties)"
                            + "|services/jakarta\\.servlet\\.ServletContainerInitializer)"
                            + "|dev/holdfast/(?!lib/).*"));
  }

  @Test
  void everyClassOfThePlainJarIsInTheAllJarToo() throws IOException {
    assertThat(entries(ALL_JAR)).containsAll(entries(JAR));
  }

  @Test
  void bothJarsNameTheModuleAndTheVersion() throws IOException {
    for (Path path : List.of(JAR, ALL_JAR)) {
      try (JarFile file = new JarFile(path.toFile())) {
        Manifest manifest = file.getManifest();
        assertThat(manifest.getMainAttributes().getValue("Automatic-Module-Name"))
            .isEqualTo("dev.holdfast");
        assertThat(manifest.getMainAttributes().getValue("Implementation-Title"))
            .isEqualTo("Holdfast");
        assertThat(path.getFileName().toString())
            .contains(manifest.getMainAttributes().getValue("Implementation-Version"));
        assertThat(file.isMultiRelease()).isFalse();
      }
    }
  }

  @Test
  void noticeNamesEveryPackedLibrary() throws IOException {
    try (JarFile file = new JarFile(ALL_JAR.toFile())) {
      ZipEntry entry = file.getEntry("META-INF/NOTICE");
      String notice = new String(file.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8);
      assertThat(notice)
          .contains("Lettuce", "Netty", "Reactor", "Reactive Streams", "Kryo", "Caffeine");
    }
  }

  @Test
  void theBillOfMaterialsNamesEveryPackedLibrary() throws IOException {
    for (Path path : List.of(JAR, ALL_JAR)) {
      try (JarFile file = new JarFile(path.toFile())) {
        ZipEntry entry = file.getEntry("META-INF/sbom/holdfast.cdx.json");
        assumeTrue(
            entry != null, "mvn -o makes no bill of materials: its plugin wants the network");
        String bill = new String(file.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bill)
            .contains(
                "pkg:maven/io.lettuce/lettuce-core@",
                "pkg:maven/io.netty/netty-handler@",
                "pkg:maven/com.esotericsoftware.kryo/kryo5@",
                "pkg:maven/com.github.ben-manes.caffeine/caffeine@")
            .doesNotContain("junit", "jetty", "slf4j");
      }
    }
  }

  /**
   * The least versions without published faults, or the newest of the line that Lettuce is made
   * for. To be raised, never lowered; the pom pins what is packed.
   */
  private static final Map<String, String> LEAST =
      Map.of(
          "lettuce-core", "7.7.0",
          "netty", "4.2.20",
          "reactor-core", "3.6.18",
          "reactive-streams", "1.0.4",
          "kryo5", "5.6.2",
          "caffeine", "3.3.1",
          "error_prone_annotations", "2.50.0");

  /** Also of what a WAR packs beside the jar without libraries. */
  @Test
  void noPackedLibraryIsOlderThanItMayBe() throws IOException {
    Map<String, String> packed = new TreeMap<>();
    try (DirectoryStream<Path> jars = Files.newDirectoryStream(LIBS, "*.jar")) {
      for (Path jar : jars) {
        Matcher name =
            Pattern.compile("(.+?)-(\\d[\\d.]*\\d)(\\.(Final|RELEASE))?\\.jar")
                .matcher(jar.getFileName().toString());
        assertThat(name.matches()).as("%s is a release", jar.getFileName()).isTrue();
        assertThat(packed.put(name.group(1), name.group(2)))
            .as("another version of %s", jar.getFileName())
            .isNull();
      }
    }
    assertThat(packed).hasSizeGreaterThan(10);
    packed.forEach(AllJarIT::assertNotOlder);
    assertThat(classes(ALL_JAR, LIB.replace('.', '/'))).isSubsetOf(classesOfLibraries());
  }

  private static void assertNotOlder(String library, String version) {
    String least = LEAST.get(library.startsWith("netty-") ? "netty" : library);
    assertThat(least).as("the least version of %s, which is packed", library).isNotNull();
    assertThat(Arrays.compare(numbers(version), numbers(requireNonNull(least))))
        .as("%s %s is older than %s", library, version, least)
        .isNotNegative();
  }

  private static int[] numbers(String version) {
    return Arrays.stream(version.split("\\.")).mapToInt(Integer::parseInt).toArray();
  }

  private static Set<String> classesOfLibraries() throws IOException {
    Set<String> classes = new HashSet<>();
    try (DirectoryStream<Path> jars = Files.newDirectoryStream(LIBS, "*.jar")) {
      for (Path jar : jars) {
        classes.addAll(classes(jar, ""));
      }
    }
    return classes;
  }

  private static Set<String> classes(Path jar, String prefix) throws IOException {
    return entries(jar).stream()
        .filter(name -> name.startsWith(prefix) && name.endsWith(".class"))
        .map(name -> name.substring(prefix.length()))
        .collect(Collectors.toSet());
  }

  @Test
  void itWorksWhereOnlyTheServletApiIsAndTheJarWithoutLibrariesReadsWhatItWrote() throws Exception {
    byte[] stored = inWar(AllJarIT::probe);

    AllJarProbe.Cart cart = (AllJarProbe.Cart) AllJarProbe.codec().decode(stored);
    assertThat(cart.owner).isEqualTo("alice");
    assertThat(cart.items).containsExactly("rope");
    assertThat(cart.opened.getNanos()).isEqualTo(123_456_789);
  }

  @Test
  void itsCacheFindsItsOwnClasses() throws Exception {
    assertThat(inWar(AllJarIT::boundedCache)).isEqualTo("{locator=session}");
  }

  @FunctionalInterface
  private interface WarTask<T> {
    T run(WarLoader loader) throws Exception;
  }

  private static <T> T inWar(WarTask<T> task) throws Exception {
    URL servletApi = Servlet.class.getProtectionDomain().getCodeSource().getLocation();
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (WarLoader loader = new WarLoader(ALL_JAR.toUri().toURL(), servletApi)) {
      thread.setContextClassLoader(loader);
      return task.run(loader);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /** As a container's loader of a WAR that holds nothing but our jar, and classes of its own. */
  private static final class WarLoader extends URLClassLoader {
    private final Map<String, URL> own = new HashMap<>();

    WarLoader(URL... jars) {
      super(jars, ClassLoader.getPlatformClassLoader());
    }

    Class<?> add(Class<?> type) throws IOException {
      String file = type.getName().replace('.', '/') + ".class";
      URL location = requireNonNull(type.getClassLoader().getResource(file));
      own.put(file, location);
      try (InputStream in = location.openStream()) {
        byte[] bytes = in.readAllBytes();
        return defineClass(type.getName(), bytes, 0, bytes.length);
      }
    }

    @Override
    public URL findResource(String name) {
      URL location = own.get(name);
      return location == null ? super.findResource(name) : location;
    }
  }

  private static byte[] probe(WarLoader loader) throws Exception {
    loader.add(AllJarProbe.Cart.class);
    loader.add(AllJarProbe.NothingDeployed.class);
    Constructor<?> constructor = loader.add(AllJarProbe.class).getDeclaredConstructor(String.class);
    constructor.setAccessible(true);
    return (byte[]) ((Callable<?>) constructor.newInstance(RunningRedis.shared().uri())).call();
  }

  /** A bounded cache: Caffeine finds the class for it by name. */
  private static String boundedCache(ClassLoader loader) throws Exception {
    String caffeinePackage = LIB + "com.github.benmanes.caffeine.cache.";
    Class<?> builderType = loader.loadClass(caffeinePackage + "Caffeine");
    Class<?> cacheType = loader.loadClass(caffeinePackage + "Cache");
    Object builder = builderType.getMethod("newBuilder").invoke(null);
    builder = builderType.getMethod("maximumSize", long.class).invoke(builder, 10L);
    Object cache = builderType.getMethod("build").invoke(builder);
    cacheType.getMethod("put", Object.class, Object.class).invoke(cache, "locator", "session");
    return cacheType.getMethod("asMap").invoke(cache).toString();
  }

  private static List<String> entries(Path path) throws IOException {
    assertThat(Files.isRegularFile(path)).as("%s is built by mvn package", path).isTrue();
    try (JarFile file = new JarFile(path.toFile())) {
      return file.stream().filter(entry -> !entry.isDirectory()).map(ZipEntry::getName).toList();
    }
  }
}
