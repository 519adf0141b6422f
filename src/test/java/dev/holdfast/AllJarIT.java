package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.redis.testing.RedisServer;
import jakarta.servlet.Servlet;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Constructor;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;

/** What is in the all-in-one jar, and that it works where nothing else is. */
class AllJarIT {
  private static final Path ALL_JAR = jar("holdfast.all.jar");
  private static final Path JAR = jar("holdfast.jar");
  private static final String LIB = "dev.holdfast.lib.";

  private static Path jar(String property) {
    return Path.of(Objects.requireNonNull(System.getProperty(property), property));
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
                        "META-INF/(MANIFEST\\.MF|LICENSE|NOTICE|sbom/holdfast\\.cdx\\.json"
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

  @Test
  void itsLibrariesWorkWhereOnlyTheServletApiIs() throws Exception {
    try (WarLoader loader = isolated()) {
      ClassLoader before = Thread.currentThread().getContextClassLoader();
      Thread.currentThread().setContextClassLoader(loader);
      try {
        assertThat(probe(loader, RedisServer.shared().uri())).isEqualTo("SAVED [cart] 3");
        assertThat(copyByKryo(loader, List.of("socks", "tea"))).isEqualTo(List.of("socks", "tea"));
        assertThat(cacheByCaffeine(loader)).isEqualTo("{locator=session}");
      } finally {
        Thread.currentThread().setContextClassLoader(before);
      }
    }
  }

  private static WarLoader isolated() throws IOException {
    URL servletApi = Servlet.class.getProtectionDomain().getCodeSource().getLocation();
    return new WarLoader(ALL_JAR.toUri().toURL(), servletApi);
  }

  /** As a container's loader of a WAR that holds nothing but our jar, and one class of its own. */
  private static final class WarLoader extends URLClassLoader {
    WarLoader(URL... jars) {
      super(jars, ClassLoader.getPlatformClassLoader());
    }

    Class<?> add(Class<?> type) throws IOException {
      String file = type.getName().replace('.', '/') + ".class";
      try (InputStream in =
          Objects.requireNonNull(type.getClassLoader().getResourceAsStream(file))) {
        byte[] bytes = in.readAllBytes();
        return defineClass(type.getName(), bytes, 0, bytes.length);
      }
    }
  }

  private static Object probe(WarLoader loader, String uri) throws Exception {
    Constructor<?> constructor = loader.add(AllJarProbe.class).getDeclaredConstructor(String.class);
    constructor.setAccessible(true);
    return ((Callable<?>) constructor.newInstance(uri)).call();
  }

  private static Object copyByKryo(ClassLoader loader, Object value) throws Exception {
    String kryoPackage = LIB + "com.esotericsoftware.kryo.kryo5.";
    Class<?> kryoType = loader.loadClass(kryoPackage + "Kryo");
    Class<?> outputType = loader.loadClass(kryoPackage + "io.Output");
    Class<?> inputType = loader.loadClass(kryoPackage + "io.Input");
    Object kryo = kryoType.getConstructor().newInstance();
    kryoType.getMethod("setRegistrationRequired", boolean.class).invoke(kryo, false);
    Object output = outputType.getConstructor(int.class, int.class).newInstance(64, -1);
    kryoType.getMethod("writeClassAndObject", outputType, Object.class).invoke(kryo, output, value);
    Object bytes = outputType.getMethod("toBytes").invoke(output);
    Object input = inputType.getConstructor(byte[].class).newInstance(bytes);
    return kryoType.getMethod("readClassAndObject", inputType).invoke(kryo, input);
  }

  /** A bounded cache: Caffeine finds the class for it by name. */
  private static String cacheByCaffeine(ClassLoader loader) throws Exception {
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
