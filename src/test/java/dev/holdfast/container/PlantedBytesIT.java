package dev.holdfast.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.codec.AttributeCodec;
import dev.holdfast.codec.ClassAllowList;
import dev.holdfast.codec.ClassesByLocation;
import dev.holdfast.codec.forbidden.Marker;
import dev.holdfast.container.app.Parcel;
import dev.holdfast.redis.testing.RunningRedis;
import dev.holdfast.security.SecurityEvents;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;

/**
 * Security checklist 1.3, "Deserialization": who can write to Redis puts bytes of their own under a
 * session in use, and a page reads it. In the clear, also when all tests are to be encrypted: with
 * a key such bytes are refused before they are read, which {@code SealedSessionsTest} shows.
 */
@AnyContainer(Container.JETTY_12_1)
class PlantedBytesIT {

  private static final long MEGABYTE = 1024 * 1024;
  private static final RunningRedis REDIS = RunningRedis.shared();
  private static final byte[] KRYO = {1, 1, 0};
  private static final byte[] JDK = {1, 2, 0};

  @TempDir static Path directory;
  private static ContainerNode node;
  private static NodeJvm jvm;

  PlantedBytesIT(Container container) {}

  @BeforeParameterizedClassInvocation
  static void start(Container container) throws IOException {
    Path server = Files.createTempDirectory(directory, "server");
    copyClasses(server);
    node =
        ContainerNode.on(container)
            .containerClassPath(server)
            .deploy("/planted", WarBuilder.probe().holdfast().in(directory))
            .environment("HOLDFAST_REDIS_URI", REDIS.uri())
            .inTheClear()
            .start();
    jvm = new NodeJvm(node);
  }

  /** Where the application's class loader finds them too. */
  private static void copyClasses(Path server) throws IOException {
    Path war = WarBuilder.empty().packageOf(Marker.class).in(directory);
    Files.move(war.resolve("WEB-INF/classes/dev"), server.resolve("dev"));
  }

  @AfterParameterizedClassInvocation
  static void stop() throws IOException {
    jvm.close();
    node.close();
  }

  @Test
  void noClassOfTheAttackersIsInitialised() throws Exception {
    ClassLoader tests = getClass().getClassLoader();
    AttributeCodec careless =
        new AttributeCodec(
            new ClassAllowList(
                tests,
                new ClassesByLocation(tests, url -> true, url -> false),
                Set.of("dev.holdfast.codec.forbidden.*")));
    Object proxy = Proxy.newProxyInstance(tests, new Class<?>[] {Comparable.class}, new Marker());
    Map<String, byte[]> shapes = new LinkedHashMap<>();
    shapes.put("top level", careless.encode(Marker.Constant.ONE));
    shapes.put("field", careless.encode(new Parcel(Marker.Constant.ONE)));
    shapes.put("map key", careless.encode(new HashMap<>(Map.of(Marker.Constant.ONE, 1))));
    shapes.put("exception", careless.encode(new Parcel(new Marker())));
    shapes.put("proxy", careless.encode(new Parcel(proxy)));
    shapes.put("top level of a stream", stream(new Marker.Entry("x")));
    shapes.put("field in a stream", stream(new AtomicReference<>(new Marker())));
    shapes.put("map key in a stream", stream(new HashMap<>(Map.of(new Marker.Entry("x"), 1))));
    shapes.put("exception in a stream", stream(new IllegalStateException(new Marker())));
    shapes.put("proxy in a stream", stream(proxy));

    for (Map.Entry<String, byte[]> shape : shapes.entrySet()) {
      assertReadsAsAbsent(shape.getKey(), shape.getValue(), "REFUSED_CLASS");
      assertThat(jvm.systemProperties().getProperty(Marker.TRACE)).as(shape.getKey()).isNull();
    }
    String entry = "has-class " + Marker.Entry.class.getName();
    assertThat(node.browser("/planted").run(entry).of(entry)).isNotEqualTo("no");
    assertThat(jvm.systemProperties().getProperty(Marker.TRACE))
        .as("the application can reach them, and they leave a trace")
        .isEqualTo("initialised");
  }

  @Test
  void noFewBytesTakeMuchMemory() throws Exception {
    String twoGigabytes = "ffffffff07";
    Map<String, byte[]> bombs = new LinkedHashMap<>();
    bombs.put("byte[]", bytes(KRYO, "00" + "3b" + "01" + twoGigabytes));
    bombs.put("long[]", bytes(KRYO, "00" + "41" + "01" + twoGigabytes));
    bombs.put("ArrayList", bytes(KRYO, "00" + "4b" + "01" + twoGigabytes));
    bombs.put("arrays in arrays", bytes(KRYO, "00" + "3701a08d06".repeat(80_000)));
    bombs.put("arrays of one array", bytes(KRYO, "00" + "370101".repeat(130_000)));
    byte[] longs = stream(new long[1]);
    longs[longs.length - 12] = 0x7f;
    bombs.put("long[] of a stream", longs);
    bombs.put("a deep stream", stream(chain(600)));

    for (Map.Entry<String, byte[]> bomb : bombs.entrySet()) {
      assertReadsAsAbsent(bomb.getKey(), bomb.getValue(), "OVERSIZED_VALUE");
    }
    assertThat(node.log()).doesNotContain("OutOfMemoryError").doesNotContain("StackOverflowError");
  }

  private static Object chain(int depth) {
    Object chain = "end";
    for (int i = 0; i < depth; i++) {
      chain = new AtomicReference<>(chain);
    }
    return chain;
  }

  private static byte[] bytes(byte[] envelope, String hex) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(envelope);
    bytes.writeBytes(HexFormat.of().parseHex(hex));
    return bytes.toByteArray();
  }

  private static byte[] stream(Object value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(JDK);
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void assertReadsAsAbsent(String what, byte[] planted, String event)
      throws IOException {
    Browser user = node.browser("/planted");
    user.run("set color red");
    String start =
        "holdfast:planted:{" + user.cookies().values().iterator().next().substring(0, 21);
    String key = REDIS.keys().stream().filter(k -> k.startsWith(start)).findFirst().orElseThrow();
    String locator = key.substring(key.indexOf('{') + 1, key.indexOf('}'));
    plant(key, planted);
    long before = jvm.heapInUse();

    Reply page = user.run("strict", "names", "get planted", "get color", "set color blue");
    Reply next = user.run("strict", "get planted", "names", "get color");

    long grown = jvm.heapPeak() - before;
    assertThat(List.of(page.status(), next.status())).as(what).containsExactly(200, 200);
    for (Reply reply : List.of(page, next)) {
      assertThat(reply.of("get planted")).as(what).isEqualTo("null");
      assertThat(reply.of("names")).as(what).isEqualTo("[color]");
    }
    assertThat(page.of("get color")).isEqualTo("red");
    assertThat(next.of("get color")).isEqualTo("blue");
    assertThat(REDIS.hash(key).get("a:planted")).as("bytes kept: " + what).isEqualTo(planted);
    assertThat(grown).as("heap of " + what).isLessThan(50 * MEGABYTE);
    String session = "session=" + SecurityEvents.shortHash(locator);
    assertThat(node.log().lines().filter(line -> line.contains(session)))
        .as(what)
        .singleElement()
        .asString()
        .contains(event, "planted");
  }

  /** With another stamp, so that the node reads anew what it has of the session. */
  private static void plant(String key, byte[] planted) {
    byte[] stamp = REDIS.hash(key).get("m:v").clone();
    stamp[stamp.length - 1] ^= 1;
    REDIS.command("HSET", key, "a:planted", planted, "m:v", stamp);
  }
}
