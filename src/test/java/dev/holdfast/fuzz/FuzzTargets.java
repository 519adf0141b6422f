package dev.holdfast.fuzz;

import dev.holdfast.codec.AttributeCodec;
import dev.holdfast.codec.ClassAllowList;
import dev.holdfast.codec.ClassOrigins;
import dev.holdfast.codec.UndecodableValueException;
import dev.holdfast.codec.forbidden.Marker;
import dev.holdfast.config.ConfigurationException;
import dev.holdfast.config.Encryption;
import dev.holdfast.config.SettingsLoader;
import dev.holdfast.config.Source;
import dev.holdfast.redis.FuzzedRedis;
import dev.holdfast.sealing.BrokenSealException;
import dev.holdfast.sealing.KeyRing;
import dev.holdfast.sealing.KeySource;
import dev.holdfast.sealing.Sealing;
import dev.holdfast.sealing.UnknownKeyException;
import dev.holdfast.security.SessionToken;
import dev.holdfast.servlet.FuzzedCookies;
import java.lang.management.ManagementFactory;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What reads bytes that somebody else chose, for a fuzzer. The first byte of an input says which;
 * the rest is what is read. Whatever these throw is a finding.
 */
public final class FuzzTargets {
  /** Stands in inputs where a password does. */
  static final String SECRET = "Geheim7";

  private static final long MAX_ALLOCATED = 50_000_000;
  private static final long MAX_NANOS = 5_000_000_000L;

  private static final com.sun.management.ThreadMXBean THREADS =
      (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Names of settings whose value is secret as a whole. */
  private static final List<String> SECRET_SETTINGS =
      List.of(
          "redis.sentinel-auth",
          "redis.trust-password",
          "redis.key-password",
          "backup.password",
          "encryption.keys");

  /** The JDK's values, and the classes of this package. */
  private static final ClassAllowList ALLOWED =
      new ClassAllowList(
          FuzzTargets.class.getClassLoader(),
          new ClassOrigins() {
            @Override
            public Origin of(String resource, URL location) {
              return resource.startsWith("dev/holdfast/fuzz/")
                  ? Origin.APPLICATION
                  : Origin.ELSEWHERE;
            }

            @Override
            public boolean hasApplicationPackage(String path) {
              return path.equals("dev/holdfast/");
            }
          },
          Set.of());

  private static final AttributeCodec CODEC = new AttributeCodec(ALLOWED);

  private static final Sealing SEALING =
      new Sealing(KeySource.fixed(KeyRing.of(List.of(new byte[32]))), Encryption.REQUIRED, "app");

  private FuzzTargets() {}

  /** The codec whose stored bytes the corpus holds. */
  static AttributeCodec codec() {
    return CODEC;
  }

  /** What Jazzer calls. */
  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length == 0) {
      return;
    }
    byte[] rest = Arrays.copyOfRange(input, 1, input.length);
    if (!isCheap(input[0], rest)) {
      // The first time may have loaded classes.
      require(isCheap(input[0], rest), "more than 50 MB were allocated, or 5 s of CPU taken");
    }
  }

  private static boolean isCheap(byte kind, byte[] rest) {
    long allocated = allocated();
    long begin = THREADS.getCurrentThreadCpuTime();
    switch (kind) {
      case 'c' -> cookie(rest);
      case 's' -> settings(rest);
      case 'v' -> value(rest);
      case 'o' -> sealed(rest);
      case 'h' -> FuzzedRedis.readHash(rest);
      default -> {
        // None of ours.
      }
    }
    return allocated() - allocated < MAX_ALLOCATED
        && THREADS.getCurrentThreadCpuTime() - begin < MAX_NANOS;
  }

  private static void cookie(byte[] input) {
    String text = new String(input, StandardCharsets.ISO_8859_1);
    for (String value : FuzzedCookies.values(text)) {
      SessionToken token = SessionToken.parse(value);
      if (token != null) {
        require(token.value().equals(value), "a token that is written in two ways");
        require(!token.publicId().contains(value), "a public id that shows the token");
        require(
            token.locator().equals(SessionToken.locatorOf(token.publicId())),
            "a public id that leads elsewhere");
      }
      SessionToken.locatorOf(value);
    }
  }

  /** A line for each setting. */
  private static void settings(byte[] input) {
    Map<String, String> written = new LinkedHashMap<>();
    for (String line : new String(input, StandardCharsets.UTF_8).split("\n", -1)) {
      int equals = line.indexOf('=');
      if (equals > 0) {
        written.put(line.substring(0, equals), line.substring(equals + 1));
      }
    }
    String shown;
    try {
      var loaded = SettingsLoader.load(List.of(Source.initParams(written)), "/fuzz");
      FuzzedRedis.takeApart(loaded.settings().redis().uri());
      shown = String.valueOf(loaded.report());
    } catch (ConfigurationException e) {
      shown = String.valueOf(e.getMessage());
    }
    if (shown.contains(SECRET)) {
      requireNoSecret(written, shown);
    }
  }

  private static void requireNoSecret(Map<String, String> written, String shown) {
    boolean elsewhere =
        written.entrySet().stream()
            .anyMatch(e -> !isSecret(e) && (e.getKey() + e.getValue()).contains(SECRET));
    require(elsewhere, "a secret is shown: " + shown);
  }

  private static boolean isSecret(Map.Entry<String, String> setting) {
    String value = setting.getValue();
    if (setting.getKey().equals("redis.uri")) {
      return value.lastIndexOf('@') > value.lastIndexOf(SECRET);
    }
    return SECRET_SETTINGS.contains(setting.getKey());
  }

  private static void value(byte[] input) {
    // Another test of this JVM may have initialised it on purpose.
    System.clearProperty(Marker.TRACE);
    try {
      Object value = CODEC.decode(input);
      require(value != null, "null for a value");
    } catch (UndecodableValueException e) {
      // As it should be.
    } finally {
      require(System.getProperty(Marker.TRACE) == null, "a forbidden class was initialised");
    }
  }

  private static void sealed(byte[] input) {
    try {
      byte[] plain = SEALING.of("locator").open("a:x", new byte[0], input);
      require(
          Arrays.equals(plain, "plain".getBytes(StandardCharsets.UTF_8)),
          "bytes that nobody sealed were opened");
    } catch (BrokenSealException | UnknownKeyException e) {
      // As it should be.
    }
  }

  /** Sealed for {@link #sealed}, for the corpus. */
  static byte[] seal(byte[] plain) {
    return SEALING.of("locator").seal("a:x", 0, new byte[0], plain);
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }

  private static long allocated() {
    return THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
  }
}
