package dev.holdfast.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.codec.forbidden.Marker;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What somebody who can write to Redis might plant there. */
class HostileBytesTest {
  private static final ClassLoader TESTS = HostileBytesTest.class.getClassLoader();

  /** Sees the test classes anew, so that nothing of them is initialised yet. */
  private URLClassLoader fresh;

  private AttributeCodec strict;

  @BeforeEach
  void loadAnew() {
    fresh =
        new URLClassLoader(
            new URL[] {locationOf(HostileBytesTest.class), locationOf(AttributeCodec.class)},
            ClassLoader.getPlatformClassLoader());
    strict = Codecs.of(fresh);
    System.clearProperty(Marker.TRACE);
  }

  @AfterEach
  void close() throws Exception {
    fresh.close();
    System.clearProperty(Marker.TRACE);
  }

  private static URL locationOf(Class<?> type) {
    return type.getProtectionDomain().getCodeSource().getLocation();
  }

  static Stream<Arguments> planted() {
    Holder field = new Holder();
    field.content = new Marker();
    Holder declared = new Holder();
    declared.constant = Marker.Constant.ONE;
    Map<Object, Object> key = new HashMap<>();
    key.put(new Marker(), 1);
    Map<Object, Object> record = new HashMap<>();
    record.put(new Marker.Entry("x"), 1);
    return Stream.<Object>of(
            new Marker(),
            new Marker.Entry("x"),
            Marker.Constant.ONE,
            Marker.class,
            new Marker[0],
            new Marker[0][],
            new Marker.Proxy$_$$_WeldClientProxy(),
            new Marker.Proxy$_$$_WeldClientProxy[1],
            Marker.Proxy$_$$_WeldClientProxy.class,
            field,
            declared,
            key,
            record,
            new IllegalStateException("outer", new Marker()),
            Proxy.newProxyInstance(TESTS, new Class<?>[] {Comparable.class}, new Marker()),
            Proxy.newProxyInstance(TESTS, new Class<?>[] {Marker.Face.class}, new PlainHandler()),
            new ArrayList<>(List.of(new Marker.Entry("x"))))
        .map(value -> Arguments.of(new Object[] {value}));
  }

  @ParameterizedTest
  @MethodSource("planted")
  void aClassThatIsNotAllowedIsNotInitialised(Object value) {
    AttributeCodec careless =
        new AttributeCodec(
            Codecs.allowing(TESTS, "dev.holdfast.codec.forbidden.*"), Codecs.MAX_BYTES);
    byte[] bytes = careless.encode(value);
    System.clearProperty(Marker.TRACE);

    assertThatThrownBy(() -> strict.decode(bytes))
        .isInstanceOf(StoredClassNotAllowedException.class)
        .hasMessageContaining("dev.holdfast.codec.forbidden.Marker")
        .hasMessageContaining("codec.allow");
    assertThat(System.getProperty(Marker.TRACE)).isNull();
  }

  @ParameterizedTest
  @MethodSource("planted")
  void norInAStreamOfJdkSerialization(Object value) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(new byte[] {1, 2, 0});
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(value);
    }
    System.clearProperty(Marker.TRACE);

    assertThatThrownBy(() -> strict.decode(bytes.toByteArray()))
        .isInstanceOf(StoredClassNotAllowedException.class)
        .hasMessageContaining("dev.holdfast.codec.forbidden.Marker");
    assertThat(System.getProperty(Marker.TRACE)).isNull();
  }

  @Test
  void theMarkerWouldLeaveATrace() throws Exception {
    Class.forName(Marker.class.getName(), true, fresh);
    assertThat(System.getProperty(Marker.TRACE)).isEqualTo("initialised");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "javax.management.BadAttributeValueExpException",
        "java.lang.ProcessBuilder",
        "org.jboss.weld.interceptor.proxy.SimpleInterceptionChain",
        "org.jboss.weld.interceptor.builder.InterceptorsApiAbstraction",
        "java.lang.Runtime",
        "java.lang.invoke.SerializedLambda",
        "java.rmi.server.UnicastRemoteObject",
        "java.security.SignedObject",
        "java.util.ServiceLoader",
        "javax.swing.UIDefaults",
        "com.sun.rowset.JdbcRowSetImpl",
        "../../etc/passwd",
        "java/lang/Runtime",
        "",
        ".",
        "a..b",
        "[",
        "[Lx",
        "[[Q",
        "a\u0000b"
      })
  void theRestOfTheJdkAndWhatIsNoNameAreNotAllowed(String name) {
    ClassAllowList allowed = Codecs.allowing(TESTS);
    assertThat(allowed.isAllowed(name)).isFalse();
  }

  static Stream<byte[]> bombs() {
    int[] numbers = {
      27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 42, 45, 46, 51, 53, 57, 1, 10, 84, 86,
      92
    };
    return Arrays.stream(numbers).boxed().flatMap(HostileBytesTest::bombs);
  }

  /**
   * With and without the mark of a first occurrence, and with one byte more for types that have
   * something in front.
   */
  private static Stream<byte[]> bombs(int number) {
    byte[] type =
        number < 64
            ? new byte[] {(byte) (number << 1 | 1)}
            : new byte[] {(byte) (number << 1 | 0x81), 1};
    return Stream.of("", "01", "00", "0100", "0180")
        .map(HexFormat.of()::parseHex)
        .map(
            between -> {
              ByteArrayOutputStream bytes = new ByteArrayOutputStream();
              bytes.writeBytes(new byte[] {1, 1, 0, 0});
              bytes.writeBytes(type);
              bytes.writeBytes(between);
              bytes.writeBytes(new byte[] {-1, -1, -1, -1, 7});
              return bytes.toByteArray();
            });
  }

  @ParameterizedTest
  @MethodSource("bombs")
  void aFewBytesThatDeclareTwoGigabytesAreRefusedBeforeAnythingIsAllocated(byte[] bomb) {
    long before = allocated();
    assertThatThrownBy(() -> strict.decode(bomb)).isInstanceOf(UndecodableValueException.class);
    assertThat(allocated() - before).isLessThan(20_000_000);
  }

  @Test
  void nestedListsThatEachDeclareAllThatIsLeftAreRefused() {
    byte[] bomb = new byte[400_000];
    bomb[0] = 1;
    bomb[1] = 1;
    int i = 4;
    while (i + 6 < bomb.length) {
      bomb[i++] = 27 << 1 | 1;
      bomb[i++] = 1;
      bomb[i++] = (byte) (0x80 | 100_000 & 0x7f);
      bomb[i++] = (byte) (0x80 | 100_000 >> 7 & 0x7f);
      bomb[i++] = (byte) (100_000 >> 14);
    }
    long before = allocated();
    assertThatThrownBy(() -> strict.decode(bomb))
        .isInstanceOf(StoredValueTooLargeException.class)
        .hasMessageContaining("is declared where");
    assertThat(allocated() - before).isLessThan(50_000_000);
  }

  @Test
  void deepNestingIsRefusedAndDoesNotOverflowTheStack() {
    byte[] bomb = new byte[400_000];
    Arrays.fill(bomb, (byte) 1);
    bomb[2] = 0;
    bomb[3] = 0;
    for (int i = 4; i + 3 <= bomb.length; i += 3) {
      bomb[i] = 27 << 1 | 1;
    }
    assertThatThrownBy(() -> strict.decode(bomb))
        .isInstanceOf(StoredValueTooLargeException.class)
        .hasMessageContaining("nested deeper than 1000");
  }

  @Test
  void aJdkStreamThatDeclaresTwoGigabytesIsRefused() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(new byte[] {1, 2, 0});
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(new long[1]);
    }
    byte[] bomb = bytes.toByteArray();
    int length = bomb.length - 8 - 4;
    bomb[length] = 0x7f;
    long before = allocated();
    assertThatThrownBy(() -> strict.decode(bomb))
        .isInstanceOf(StoredValueTooLargeException.class)
        .hasMessageContaining("An array of 2130706433 elements");
    assertThat(allocated() - before).isLessThan(20_000_000);
  }

  @Test
  void anyBytesAtAllEndInTheOneException() {
    Random random = new Random(7);
    Holder holder = new Holder();
    holder.content =
        new ArrayList<>(List.of("a", 1, Map.of("k", 2), new int[] {1, 2}, new PlainHandler()));
    byte[] valid = Codecs.ofTests().encode(holder);
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = valid.clone();
      for (int flips = random.nextInt(3); flips >= 0; flips--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      try {
        strict.decode(i % 2 == 0 ? bytes : Arrays.copyOf(bytes, random.nextInt(bytes.length)));
      } catch (UndecodableValueException e) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(10_000);
  }

  @Test
  void aValueReadAfterOneThatFailedIsRightAgain() {
    Holder holder = new Holder();
    holder.content = new ArrayList<>(List.of("a", new ArrayList<>(List.of("b"))));
    AttributeCodec codec = Codecs.ofTests();
    byte[] good = codec.encode(holder);
    for (int cut = 4; cut < good.length; cut++) {
      byte[] bad = Arrays.copyOf(good, cut);
      assertThatThrownBy(() -> codec.decode(bad)).isInstanceOf(UndecodableValueException.class);
      assertThat(((Holder) codec.decode(good)).content).isEqualTo(holder.content);
    }
  }

  @Test
  void anImmutableListThatClaimsToContainItselfIsRefused() {
    byte[] list = HexFormat.of().parseHex("010100006b0100016b02");
    assertThatThrownBy(() -> strict.decode(list))
        .isInstanceOf(UndecodableValueException.class)
        .hasMessageContaining("Unable to resolve reference");
  }

  @Test
  void decodingDoesNotWriteIntoTheBytes() {
    AttributeCodec codec = Codecs.ofTests();
    byte[] bytes = codec.encode("Ada Lovelace").clone();
    byte[] before = bytes.clone();
    codec.decode(bytes);
    assertThat(bytes).isEqualTo(before);
  }

  @Test
  void anEnvelopeOfALaterVersionIsNamed() {
    assertThatThrownBy(() -> strict.decode(new byte[] {9, 1, 0, 0, 0}))
        .hasMessageContaining("format 9");
    assertThatThrownBy(() -> strict.decode(new byte[] {1, 7, 0, 0, 0}))
        .hasMessageContaining("codec 7");
    assertThatThrownBy(() -> strict.decode(new byte[] {1, 1, 3, 0, 0}))
        .hasMessageContaining("key 3");
    assertThatThrownBy(() -> strict.decode(new byte[0]))
        .isInstanceOf(UndecodableValueException.class);
  }

  private static long allocated() {
    return ((com.sun.management.ThreadMXBean)
            java.lang.management.ManagementFactory.getThreadMXBean())
        .getThreadAllocatedBytes(Thread.currentThread().getId());
  }

  @Test
  void aFilterOfTheWholeJvmNeitherOpensTheListNorIsOverruled() throws Exception {
    byte[] marker = stream(new Marker.Entry("x"));
    byte[] list = stream(new ArrayList<>(List.of(1)));

    assertThat(inJvmWith("-Djdk.serialFilter=*", marker)).contains("not on the class allow-list");
    assertThat(inJvmWith("-Djdk.serialFilter=*", stream(chain(600))))
        .contains("nested deeper than 400");
    assertThat(inJvmWith("-Djdk.serialFilter=*", list)).contains("read ArrayList");
    assertThat(inJvmWith("-Djdk.serialFilter=!*", list)).contains("REJECTED");
  }

  private static Object chain(int depth) {
    Holder outer = new Holder();
    for (int i = 0; i < depth; i++) {
      Holder next = new Holder();
      next.content = outer;
      outer = next;
    }
    return outer;
  }

  private static byte[] stream(Object value) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(new byte[] {1, 2, 0});
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(value);
    }
    return bytes.toByteArray();
  }

  private static String inJvmWith(String option, byte[] planted) throws Exception {
    Process jvm =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                option,
                "-cp",
                System.getProperty("java.class.path"),
                FilteredJvm.class.getName(),
                HexFormat.of().formatHex(planted))
            .redirectErrorStream(true)
            .start();
    try (InputStream out = jvm.getInputStream()) {
      return new String(out.readAllBytes(), StandardCharsets.UTF_8);
    } finally {
      jvm.destroyForcibly();
    }
  }

  /** Decodes what the command line says. */
  static final class FilteredJvm {
    public static void main(String[] arguments) {
      try {
        Object value = Codecs.ofTests().decode(HexFormat.of().parseHex(arguments[0]));
        System.out.println("read " + value.getClass().getSimpleName());
      } catch (UndecodableValueException e) {
        System.out.println(e.getMessage());
      }
    }
  }

  /** The bytes did not choose that class; the code of an allowed class made it. */
  @Test
  void whatAnAllowedClassMakesItselfIsRead() throws Exception {
    assertThat(Codecs.ofTests().decode(stream(new BecomesAnother())))
        .isInstanceOf(Marker.Proxy$_$$_WeldClientProxy.class);
  }

  @Test
  void aStreamCannotMakeALambdaOfAClassThatIsNotAllowed() throws Exception {
    for (Object value : List.of(Marker.lambda(), new ArrayList<>(List.of(Marker.lambda())))) {
      byte[] planted = stream(value);
      System.clearProperty(Marker.TRACE);

      assertThatThrownBy(() -> strict.decode(planted))
          .isInstanceOf(StoredClassNotAllowedException.class)
          .hasMessageContaining("dev.holdfast.codec.forbidden.Marker");
      assertThat(System.getProperty(Marker.TRACE)).isNull();
    }
  }

  @Test
  void aStreamCannotNameAWeldProxyAsWhatAnAllowedClassExtends() throws Exception {
    byte[] extending = stream(new LooksAllowed());
    System.clearProperty(Marker.TRACE);

    assertThatThrownBy(() -> strict.decode(extending))
        .isInstanceOf(UndecodableValueException.class)
        .hasMessageContaining("dev.holdfast.codec.forbidden.Marker");
    assertThat(System.getProperty(Marker.TRACE)).isNull();
  }

  /** Of the application, and of the application's own doing. */
  static final class BecomesAnother implements Serializable {
    private Object readResolve() {
      return new Marker.Proxy$_$$_WeldClientProxy();
    }
  }

  /** The class is the application's, what it extends is not. */
  static final class LooksAllowed extends Marker.Proxy$_$$_WeldClientProxy {}

  static final class Holder implements Serializable {
    Object content;
    Marker.Constant constant;
  }

  static final class PlainHandler implements InvocationHandler, Serializable {
    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) {
      return null;
    }
  }
}
