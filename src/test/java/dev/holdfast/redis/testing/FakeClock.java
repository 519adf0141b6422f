package dev.holdfast.redis.testing;

import dev.holdfast.testing.Executables;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The wall clock of a process, which can be set while it runs, by the library of {@code faketime}.
 * Its monotonic clock stays the machine's, as when an administrator sets the time.
 */
public final class FakeClock implements AutoCloseable {
  private final Path offset;

  /** A clock that goes right, until it is set. */
  public FakeClock() {
    try {
      offset = Files.createTempFile("clock-", ".offset");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    set(Duration.ZERO);
  }

  /** Whether there is {@code faketime}, and a redis-server on the PATH that bears it. */
  public static boolean isPossible() {
    if (!Executables.isThere("faketime") || !Executables.isThere("redis-server")) {
      return false;
    }
    try (FakeClock clock = new FakeClock()) {
      ProcessBuilder trial = new ProcessBuilder("redis-server", "--version");
      trial.environment().putAll(clock.environment());
      Process process = trial.redirectErrorStream(true).start();
      boolean ended = process.waitFor(10, TimeUnit.SECONDS);
      process.destroyForcibly();
      return ended && process.exitValue() == 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Sets it so far ahead of the machine's clock, or behind when negative. */
  public void set(Duration ahead) {
    try {
      // Whoever reads it meanwhile reads the whole of one or the other.
      Path next =
          Files.writeString(offset.resolveSibling(offset.getFileName() + ".next"), text(ahead));
      Files.move(next, offset, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Duration ahead) {
    return "%+d\n".formatted(ahead.toSeconds());
  }

  /** What a process needs to go by this clock. */
  Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>();
    // Behind it the C library, whose malloc then stands in for jemalloc's: that asks for the time
    // before the library is ready to tell it, for which it needs memory.
    environment.put("LD_PRELOAD", library() + ":libc.so.6");
    environment.put("FAKETIME_TIMESTAMP_FILE", offset.toString());
    environment.put("FAKETIME_NO_CACHE", "1");
    environment.put("DONT_FAKE_MONOTONIC", "1");
    environment.put("FAKETIME_FORCE_MONOTONIC_FIX", "0");
    return environment;
  }

  /** Where it lies is known to the program that comes with it. */
  private static String library() {
    try {
      Process asked = new ProcessBuilder("faketime", "-f", "+0", "printenv", "LD_PRELOAD").start();
      return new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      Files.delete(offset);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
