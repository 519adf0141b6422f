package dev.holdfast.security;

import dev.holdfast.api.SecurityEvent;
import dev.holdfast.api.SecurityEvent.Kind;
import dev.holdfast.api.SecurityListener;
import dev.holdfast.text.Loggers;
import dev.holdfast.text.Printable;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reports security events to the logger {@value #LOGGER} and to listeners.
 *
 * <p>An attacker must not be able to fill a disk or to hide among lines of their own making. So at
 * most {@value #PER_WINDOW} lines of one kind are logged in ten seconds, and the next line says how
 * many were left out; only what an admin does is logged in full. What a client sent is written as
 * printable ASCII on one line. Of a kind of event that takes a login to cause, listeners are told
 * of every one; of the other kinds, of those that are logged.
 */
public final class SecurityEvents {
  /** Name of the logger. */
  public static final String LOGGER = "dev.holdfast.security";

  static final int PER_WINDOW = 10;
  static final Duration WINDOW = Duration.ofSeconds(10);
  private static final int MAX_DETAIL = 400;
  private static final int SHORT_HASH_BYTES = 6;

  /** A token should never get here; if one does, it goes no further. */
  private static final Pattern TOKEN =
      Pattern.compile("[A-Za-z0-9_-]{" + SessionToken.LENGTH + "}");

  private static final Logger LOG = Loggers.named(LOGGER);

  private final List<SecurityListener> listeners;
  private final LongSupplier nanoTime;
  private final Map<Kind, Window> windows = new EnumMap<>(Kind.class);

  SecurityEvents(List<SecurityListener> listeners, LongSupplier nanoTime) {
    this.listeners = List.copyOf(listeners);
    this.nanoTime = nanoTime;
    for (Kind kind : Kind.values()) {
      // What an admin does is logged in full.
      if (kind != Kind.ADMIN_ACTED) {
        windows.put(kind, new Window());
      }
    }
  }

  /** Logs events and tells nobody else. */
  public static SecurityEvents logging() {
    return to(List.of());
  }

  /** Logs events and tells {@code listeners}, in order. */
  public static SecurityEvents to(List<SecurityListener> listeners) {
    return new SecurityEvents(listeners, System::nanoTime);
  }

  /**
   * Logs events and tells listeners of these classes.
   *
   * @throws IllegalArgumentException when a class cannot be made a listener; the message names all
   *     such classes
   */
  public static SecurityEvents to(Collection<String> classNames, ClassLoader loader) {
    List<SecurityListener> listeners = new ArrayList<>();
    List<String> faults = new ArrayList<>();
    for (String name : classNames) {
      try {
        listeners.add(
            NamedClass.instance("security.listeners", name, SecurityListener.class, loader));
      } catch (IllegalArgumentException e) {
        faults.add(String.valueOf(e.getMessage()));
      }
    }
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", faults));
    }
    return to(listeners);
  }

  /**
   * Reports what happened.
   *
   * @param locator of the session it is about, or null
   * @param detail may hold what a client sent, but no secret
   */
  public void report(Kind kind, @Nullable String locator, String detail) {
    Window window = windows.get(kind);
    long unsaid = window == null ? 0 : window.admit(nanoTime.getAsLong());
    boolean admitted = unsaid >= 0;
    if (!admitted && (kind.limited() || listeners.isEmpty())) {
      return;
    }
    String text = printable(detail);
    String session = locator == null ? null : shortHash(locator);
    if (admitted) {
      LOG.log(
          kind.level(),
          "{0} session={1}: {2}{3}",
          kind,
          session == null ? "-" : session,
          text,
          unsaid == 0 ? "" : " (and " + unsaid + " more since the last such line)");
    }
    tell(new SecurityEvent(kind, session, text, Instant.now()));
  }

  private void tell(SecurityEvent event) {
    for (SecurityListener listener : listeners) {
      try {
        listener.event(event);
      } catch (Exception | LinkageError | AssertionError e) {
        LOG.log(Level.WARNING, "The listener " + listener.getClass().getName() + " failed", e);
      }
    }
  }

  /** Twelve characters that stand for a session in events and messages: SHA-256, shortened. */
  public static String shortHash(String locator) {
    return HexFormat.of().formatHex(Arrays.copyOf(Sha256.of(locator), SHORT_HASH_BYTES));
  }

  /**
   * Printable ASCII on one line; everything else, and each backslash, is replaced by its Java
   * escape.
   */
  static String printable(String text) {
    return TOKEN.matcher(Printable.ascii(text, MAX_DETAIL)).replaceAll("(token)");
  }

  /** Counts the lines of one kind in a window of time. */
  private static final class Window {
    private long start;
    private int said;
    private long unsaid;

    /** How many were left out before this one, negative when this one is left out too. */
    synchronized long admit(long now) {
      if (said == 0 || now - start >= WINDOW.toNanos()) {
        start = now;
        said = 0;
      }
      if (said == PER_WINDOW) {
        unsaid++;
        return -1;
      }
      said++;
      long before = unsaid;
      unsaid = 0;
      return before;
    }
  }
}
