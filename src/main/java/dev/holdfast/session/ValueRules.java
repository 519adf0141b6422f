package dev.holdfast.session;

import static java.util.stream.Collectors.joining;

import dev.holdfast.api.FailedValueException;
import dev.holdfast.api.SecurityEvent.Kind;
import dev.holdfast.api.SessionLimitExceededException;
import dev.holdfast.api.UnencodableValueException;
import dev.holdfast.codec.StoredClassNotAllowedException;
import dev.holdfast.codec.StoredValueTooLargeException;
import dev.holdfast.codec.UndecodableValueException;
import dev.holdfast.codec.ValueCodec;
import dev.holdfast.codec.ValueCodec.KnownBytes;
import dev.holdfast.config.ChangeDetection;
import dev.holdfast.config.EncryptionSettings;
import dev.holdfast.config.Settings;
import dev.holdfast.config.Unserializable;
import dev.holdfast.metrics.Metrics;
import dev.holdfast.metrics.Metrics.Coding;
import dev.holdfast.metrics.Metrics.Counter;
import dev.holdfast.metrics.Metrics.Fate;
import dev.holdfast.sealing.Sealing;
import dev.holdfast.security.SecurityEvents;
import dev.holdfast.text.Loggers;
import dev.holdfast.text.Printable;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Arrays;
import java.util.ConcurrentModificationException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Encodes, decodes and compares the attribute values of one application, and reports what fails.
 */
final class ValueRules {
  private static final Logger LOG = Loggers.of(ValueRules.class);
  private static final int ENCODING_TRIES = 3;

  /** Names may come from users, so their number is limited; beyond it nothing more is reported. */
  private static final int MAX_REPORTED = 1000;

  final Metrics metrics;
  final SizeLimits sizes;

  private final SecurityEvents security;
  private final ValueCodec codec;
  private final ChangeDetection detection;
  private final Unserializable unserializable;
  private final boolean hasKeys;
  private final Predicate<String> local;
  private final Predicate<Object> activationListener;
  private final Set<String> reported = ConcurrentHashMap.newKeySet();

  /**
   * @param activationListener whether a value wants to know that it is passivated and activated
   */
  ValueRules(
      ValueCodec codec,
      Settings settings,
      Metrics metrics,
      Predicate<Object> activationListener,
      SecurityEvents security) {
    this.codec = codec;
    this.detection = settings.attributes().changes();
    this.unserializable = settings.attributes().unserializable();
    EncryptionSettings encryption = settings.encryption();
    this.hasKeys =
        !(encryption.keys().isEmpty()
            && encryption.keysFile().isEmpty()
            && encryption.provider().isEmpty());
    this.local = named(settings.attributes().local());
    this.metrics = metrics;
    this.activationListener = activationListener;
    this.security = security;
    this.sizes = new SizeLimits(settings.limits());
  }

  private static Predicate<String> named(Set<String> patterns) {
    if (patterns.isEmpty()) {
      return name -> false;
    }
    String any =
        patterns.stream()
            .map(pattern -> pattern.split("\\*", -1))
            .map(parts -> Arrays.stream(parts).map(Pattern::quote).collect(joining(".*")))
            .collect(joining("|"));
    return Pattern.compile(any, Pattern.DOTALL).asMatchPredicate();
  }

  /** Whether an attribute is never stored, by the setting {@code attributes.local}. */
  boolean isLocal(String name) {
    return local.test(name);
  }

  boolean isImmutable(Object value) {
    return codec.isImmutable(value);
  }

  /** Whether the value itself wants to know that it is passivated and activated. */
  boolean isActivationListener(Object value) {
    return activationListener.test(value);
  }

  boolean comparesContent() {
    return detection == ChangeDetection.CONTENT;
  }

  /**
   * Whether this node has keys and a value is sealed with another one, so that it is neither there
   * nor absent. On a node without any key it is absent.
   */
  boolean isUnopened(byte[] encoded) {
    return hasKeys && Sealing.isSealed(encoded);
  }

  /** Whether a glance at the bytes shows that the value is of a class of the JDK. */
  boolean isJdkValue(byte[] encoded) {
    return codec.isJdkValue(encoded);
  }

  /**
   * Encodes, again if another thread was seen changing the value; null if that happened on every
   * try.
   *
   * @throws UnencodableValueException when it cannot be stored
   */
  byte @Nullable [] encode(Object value) {
    return encode(value, (buffer, from, length) -> false);
  }

  /** As {@link #encode(Object)}; an empty array if the bytes are known. */
  byte @Nullable [] encode(Object value, KnownBytes known) {
    long start = System.nanoTime();
    for (int attempt = 0; attempt < ENCODING_TRIES; attempt++) {
      try {
        byte[] encoded = codec.encode(value, known);
        metrics.coded(Coding.ENCODE, System.nanoTime() - start);
        return encoded;
      } catch (ConcurrentModificationException e) {
        Thread.onSpinWait();
      }
    }
    return null;
  }

  /**
   * What the value encodes to now, to be compared with later; null when it is being changed.
   *
   * @throws UnencodableValueException when it cannot be stored
   */
  byte @Nullable [] baseline(Object value) {
    byte[] encoded = encode(value);
    return encoded == null ? null : Stored.digest(encoded);
  }

  /**
   * Decodes a value. Gives null, and reports it, when this version of the application cannot read
   * the value or no node can have written it.
   *
   * @param locator of the session
   */
  @Nullable Object decode(String locator, String name, byte[] encoded) {
    if (!sizes.isPlausible(encoded.length)) {
      metrics.count(Counter.UNDECODABLE);
      suspicious(
          Kind.OVERSIZED_VALUE,
          locator,
          name,
          "It has " + encoded.length + " bytes, more than attribute.max-size.");
      return null;
    }
    try {
      long start = System.nanoTime();
      Object value = codec.decode(encoded);
      metrics.coded(Coding.DECODE, System.nanoTime() - start);
      return value;
    } catch (UndecodableValueException e) {
      if (e instanceof StoredClassNotAllowedException) {
        suspicious(Kind.REFUSED_CLASS, locator, name, e.getMessage());
      } else if (e instanceof StoredValueTooLargeException) {
        suspicious(Kind.OVERSIZED_VALUE, locator, name, e.getMessage());
      }
      undecodable(name, e);
      return null;
    }
  }

  private void suspicious(Kind kind, String locator, String name, @Nullable String reason) {
    security.report(
        kind, locator, "the attribute " + name + " reads as absent, its bytes stay. " + reason);
  }

  void undecodable(String name, Exception e) {
    metrics.count(Counter.UNDECODABLE);
    if (isNews(name + "\n" + e.getMessage())) {
      LOG.log(
          Level.WARNING,
          "Session attribute {0} cannot be read by this version of the application and reads as"
              + " absent; its stored bytes stay. {1} (said once, counted for every session)",
          Printable.of(name),
          Printable.message(e.getMessage()));
    }
  }

  void encodingRaced(String name, Object value) {
    metrics.count(Counter.ENCODING_RACED);
    String type = Printable.of(value.getClass().getName());
    if (isNews("raced\n" + name + "\n" + type)) {
      LOG.log(
          Level.WARNING,
          "Session attribute {0} ({1}) was being changed by another thread each time it was to be"
              + " saved; it is saved again within a moment. Do not change it outside of requests,"
              + " or synchronize. (said once)",
          Printable.of(name),
          type);
    }
  }

  /** Tells of an attribute that a session does not bring along from another store. */
  void notInherited(String name, Object value, IllegalArgumentException reason) {
    String type = Printable.of(value.getClass().getName());
    if (isNews("inherited\n" + name + "\n" + type)) {
      LOG.log(
          Level.WARNING,
          "Session attribute {0} ({1}) is missing in sessions that are taken over: it is refused as"
              + " setAttribute would refuse it. {2} (said once)",
          Printable.of(name),
          type,
          Printable.message(reason.getMessage()));
    }
  }

  private boolean isNews(String subject) {
    return reported.size() < MAX_REPORTED && reported.add(subject);
  }

  /**
   * Whether a value that cannot be stored now may be set all the same: it may be storable when the
   * session is saved, or stay on this node. One whose own code fails may be filled by the next
   * line, so it is not refused when it is set even under {@code unserializable=refuse}: Tomcat with
   * {@code <distributable/>} refuses by class.
   */
  boolean mayPass(Object value, UnencodableValueException reason) {
    boolean mayPass =
        unserializable == Unserializable.REFUSE
            ? reason instanceof FailedValueException
            : !(reason instanceof SessionLimitExceededException);
    if (!mayPass) {
      metrics.fate(Fate.REFUSED, value.getClass());
    }
    return mayPass;
  }

  /**
   * Whether a value that cannot be stored stays on this node; if so, that is reported, once per
   * attribute name and class. One that is too large is too large for the memory of this node as
   * well.
   */
  boolean keepsHere(String name, Object value, UnencodableValueException reason) {
    if (unserializable == Unserializable.REFUSE
        || reason instanceof SessionLimitExceededException) {
      metrics.fate(Fate.REFUSED, value.getClass());
      return false;
    }
    metrics.count(Counter.KEPT_LOCAL);
    metrics.fate(Fate.LOCAL, value.getClass());
    String type = Printable.of(value.getClass().getName());
    if (isNews(name + "\n" + type)) {
      LOG.log(
          Level.WARNING,
          "Session attribute {0} ({1}) stays on this node: no other node sees it, and it is lost"
              + " when this node ends. {2} (unserializable=refuse refuses such values)",
          Printable.of(name),
          type,
          Printable.message(reason.getMessage()));
    }
    return true;
  }
}
