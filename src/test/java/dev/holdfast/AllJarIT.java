package dev.holdfast;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.redis.testing.RunningRedis;
import jakarta.servlet.Servlet;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Constructor;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.analysis.Analyzer;
import picocli.CommandLine;

/** What is in the all-in-one jar, and that it works where nothing else is. */
class AllJarIT {
  private static final Path ALL_JAR = jar("holdfast.all.jar");
  private static final Path JAVAX_JAR = jar("holdfast.all.javax.jar");
  private static final Path JAR = jar("holdfast.jar");
  private static final Path LIBS = jar("holdfast.libs");
  private static final String LIB = "dev.holdfast.lib.";
  private static final String LIB_PATH = LIB.replace('.', '/');

  private static Path jar(String property) {
    return Path.of(requireNonNull(System.getProperty(property), property));
  }

  static List<Path> allInOne() {
    return List.of(ALL_JAR, JAVAX_JAR);
  }

  @ParameterizedTest
  @MethodSource("allInOne")
  void everyClassIsOurs(Path allInOne) throws IOException {
    assertThat(entries(allInOne))
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
            "dev/holdfast/lib/com/github/benmanes/caffeine/cache/Caffeine.class",
            "dev/holdfast/lib/org/objectweb/asm/tree/analysis/Analyzer.class",
            "dev/holdfast/lib/picocli/CommandLine.class");
  }

  @ParameterizedTest
  @MethodSource("allInOne")
  void besidesClassesItHoldsOnlyOurOwnMetadata(Path allInOne) throws IOException {
    assertThat(entries(allInOne))
        .filteredOn(name -> !name.endsWith(".class"))
        .allSatisfy(
            name ->
                assertThat(name)
                    .matches(
                        "META-INF/(MANIFEST\\.MF|LICENSE|NOTICE|web-fragment\\.xml|sbom/holdfast\\.cdx\\.json"
                            + "|maven/dev\\.holdfast/holdfast/pom\\.(xml|properties)"
                            + "|services/(jakarta|javax)\\.servlet\\.ServletContainerInitializer)"
                            + "|dev/holdfast/(?!lib/).*"));
  }

  @Test
  void everyClassOfThePlainJarIsInTheAllJarToo() throws IOException {
    assertThat(entries(ALL_JAR)).containsAll(entries(JAR));
  }

  @Test
  void allJarsNameTheModuleAndTheVersion() throws IOException {
    for (Path path : List.of(JAR, ALL_JAR, JAVAX_JAR)) {
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
  void allJarsAreACommand() throws IOException {
    for (Path path : List.of(JAR, ALL_JAR, JAVAX_JAR)) {
      try (JarFile file = new JarFile(path.toFile())) {
        assertThat(file.getManifest().getMainAttributes().getValue("Main-Class"))
            .as("Main-Class in the manifest of %s", path)
            .isEqualTo("dev.holdfast.cli.HoldfastCommand");
      }
    }
  }

  /** WildFly hides the module from a WAR that does not name it. */
  @Test
  void allJarsAskForTheModuleThatSetsKeepAlive() throws IOException {
    for (Path path : List.of(JAR, ALL_JAR, JAVAX_JAR)) {
      try (JarFile file = new JarFile(path.toFile())) {
        assertThat(file.getManifest().getMainAttributes().getValue("Dependencies"))
            .as("Dependencies in the manifest of %s", path)
            .isEqualTo("jdk.net");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("allInOne")
  void noticeNamesEveryPackedLibrary(Path allInOne) throws IOException {
    try (JarFile file = new JarFile(allInOne.toFile())) {
      ZipEntry entry = file.getEntry("META-INF/NOTICE");
      String notice = new String(file.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8);
      assertThat(notice)
          .contains("Lettuce", "Netty", "Reactor", "Reactive Streams", "Kryo", "Caffeine")
          .contains("picocli", "ASM");
    }
  }

  @Test
  void theBillOfMaterialsNamesEveryPackedLibrary() throws IOException {
    for (Path path : List.of(JAR, ALL_JAR, JAVAX_JAR)) {
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
                "pkg:maven/com.github.ben-manes.caffeine/caffeine@",
                "pkg:maven/info.picocli/picocli@",
                "pkg:maven/org.ow2.asm/asm@")
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
          "picocli", "4.7.7",
          "asm", "9.10.1",
          "error_prone_annotations", "2.50.0");

  /** What the pom leaves out of the all jar. */
  private static final Pattern NOT_PACKED =
      Pattern.compile(
          "META-INF/.*|module-info\\.class|com/google/errorprone/.*"
              + "|io/lettuce/(authx|core/failover)/.*|io/lettuce/core/support/[^/]*Cdi[^/]*");

  /** What a pom says of the versions of Lettuce and of what it brings. */
  private static final Pattern PINS =
      Pattern.compile(
          "<(?:netty|reactor)\\.version>[^<]*"
              + "|<dependencyManagement>.*?</dependencyManagement>"
              + "|<artifactId>lettuce-core</artifactId><version>[^<]*");

  /** Also of what a WAR packs beside the jar without libraries. */
  @Test
  void noPackedLibraryIsOlderThanItMayBe() throws IOException {
    Map<String, String> packed = new TreeMap<>();
    for (Path jar : libraries()) {
      Matcher name =
          Pattern.compile("(.+?)-(\\d[\\d.]*\\d)(\\.(Final|RELEASE))?\\.jar")
              .matcher(jar.getFileName().toString());
      assertThat(name.matches()).as("%s is a release", jar.getFileName()).isTrue();
      assertThat(packed.put(name.group(1), name.group(2)))
          .as("another version of %s", jar.getFileName())
          .isNull();
    }
    assertThat(packed).hasSizeGreaterThan(10);
    packed.forEach(AllJarIT::assertNotOlder);
    assertThat(differences()).as("classes of the libraries and of the all jar").isEmpty();
  }

  /** Its pom stands alone. */
  @Test
  void theDemosLauncherHasTheSameVersions() throws IOException {
    assertThat(pins("webapp-demo/launcher/pom.xml")).isEqualTo(pins("pom.xml")).hasSize(4);
  }

  /** Without comments and blanks. */
  private static List<String> pins(String pom) throws IOException {
    String text = Files.readString(Path.of(pom)).replaceAll("(?s)<!--.*?-->|\\s+", "");
    return PINS.matcher(text).results().map(MatchResult::group).toList();
  }

  private static void assertNotOlder(String library, String version) {
    String least = LEAST.get(library.replaceFirst("^(netty|asm)-.*", "$1"));
    assertThat(least).as("the least version of %s, which is packed", library).isNotNull();
    assertThat(Arrays.compare(numbers(version), numbers(requireNonNull(least))))
        .as("%s %s is older than %s", library, version, least)
        .isNotNegative();
  }

  private static int[] numbers(String version) {
    return Arrays.stream(version.split("\\.")).mapToInt(Integer::parseInt).toArray();
  }

  /**
   * The classes that only the libraries have, or only the all jar, or that refer to other things
   * there: it is packed from other code then.
   */
  private static Set<String> differences() throws IOException {
    Map<String, Integer> packed = classes(ALL_JAR, LIB_PATH);
    Set<String> different = new TreeSet<>();
    for (Path jar : libraries()) {
      classes(jar, "")
          .forEach(
              (name, references) -> {
                if (!NOT_PACKED.matcher(name).matches()
                    && !references.equals(packed.remove(name))) {
                  different.add(name + " of " + jar.getFileName());
                }
              });
    }
    different.addAll(packed.keySet());
    return different;
  }

  /** What a WAR packs beside the jar without libraries, and what only the all jar has. */
  private static List<Path> libraries() throws IOException {
    List<Path> libraries = new ArrayList<>();
    for (Class<?> type :
        List.of(CommandLine.class, ClassReader.class, ClassNode.class, Analyzer.class)) {
      URL jar = type.getProtectionDomain().getCodeSource().getLocation();
      libraries.add(Path.of(URI.create(jar.toString())));
    }
    try (DirectoryStream<Path> jars = Files.newDirectoryStream(LIBS, "*.jar")) {
      jars.forEach(libraries::add);
    }
    return libraries;
  }

  /** The hash of what each class below a prefix refers to, by the rest of its name. */
  private static Map<String, Integer> classes(Path jar, String prefix) throws IOException {
    Map<String, Integer> classes = new HashMap<>();
    try (JarFile file = new JarFile(jar.toFile())) {
      for (JarEntry entry : file.stream().toList()) {
        String name = entry.getName();
        if (name.startsWith(prefix) && name.endsWith(".class")) {
          try (InputStream in = file.getInputStream(entry)) {
            classes.put(name.substring(prefix.length()), references(in.readAllBytes()).hashCode());
          }
        }
      }
    }
    return classes;
  }

  /**
   * The strings, numbers, and names and types of members that a class file's constants hold (JVMS
   * 4.4). Relocation writes every class anew, with its constants in another order and without those
   * that nothing uses, but keeps all of these, save for our prefix.
   */
  private static Set<String> references(byte[] classFile) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(classFile));
    in.skipNBytes(8);
    String[] texts = new String[in.readUnsignedShort()];
    Set<String> found = new HashSet<>();
    List<int[]> indices = new ArrayList<>();
    for (int i = 1; i < texts.length; i++) {
      int tag = in.readUnsignedByte();
      switch (tag) {
        case 1 -> texts[i] = in.readUTF().replace(LIB, "").replace(LIB_PATH, "");
        case 3, 4 -> found.add(tag + " " + in.readInt());
        case 5, 6 -> {
          found.add(tag + " " + in.readLong());
          i++;
        }
        case 7, 16, 19, 20 -> in.skipNBytes(2);
        case 8 -> indices.add(new int[] {in.readUnsignedShort()});
        case 9, 10, 11, 17, 18 -> in.skipNBytes(4);
        case 12 -> indices.add(new int[] {in.readUnsignedShort(), in.readUnsignedShort()});
        case 15 -> in.skipNBytes(3);
        default -> throw new IOException("no tag of a constant: " + tag);
      }
    }
    for (int[] index : indices) {
      found.add(texts[index[0]] + (index.length > 1 ? " " + texts[index[1]] : ""));
    }
    return found;
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
