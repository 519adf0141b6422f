package dev.holdfast.session;

import dev.holdfast.api.SecurityEvent.Kind;
import dev.holdfast.codec.AttributeCodec;
import dev.holdfast.codec.StoredClassNotAllowedException;
import dev.holdfast.codec.UndecodableValueException;
import dev.holdfast.security.SecurityEvents;
import dev.holdfast.store.ForeignSessions;
import dev.holdfast.text.Loggers;
import dev.holdfast.text.Printable;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads sessions of Spring Session 3 and 4 as its {@code RedisSessionMapper} does: a field for each
 * time and, after {@code sessionAttr:}, for each attribute, every value written by JDK
 * serialization. No bytes mean an attribute that was removed.
 *
 * <p>Whoever can write to Redis has written these bytes. So the class list of the codec holds for
 * them even where a key lets our own values do without one.
 */
public final class SpringSessions {
  private static final Logger LOG = Loggers.of(SpringSessions.class);
  private static final String CREATED = "creationTime";
  private static final String ACCESSED = "lastAccessedTime";
  private static final String INTERVAL = "maxInactiveInterval";
  private static final String ATTRIBUTE = "sessionAttr:";
  private static final int MAX_REPORTED = 1000;

  /** What a stream of JDK serialization begins with. */
  private static final int STREAM = 0xACED;

  private final ForeignSessions keys;
  private final AttributeCodec codec;
  private final Supplier<Instant> clock;
  private final SecurityEvents security;
  private final Set<String> reported = ConcurrentHashMap.newKeySet();

  /**
   * @param keys where they are
   * @param codec with a class list, whatever the settings of encryption say
   * @param clock the store's
   */
  public SpringSessions(
      ForeignSessions keys,
      AttributeCodec codec,
      Supplier<Instant> clock,
      SecurityEvents security) {
    this.keys = keys;
    this.codec = codec;
    this.clock = clock;
    this.security = security;
  }

  /** What a live session holds; null when there is none of that id. One wait. */
  public @Nullable Inheritance read(String id) {
    Map<String, byte[]> fields = keys.read(id);
    if (fields == null) {
      return null;
    }
    byte[] created = fields.get(CREATED);
    if (created == null || !isStream(created)) {
      warn(
          "Sessions of Spring Session are not taken over: they have no creation time, or their"
              + " values were not written by JDK serialization but, it seems, as JSON. Their users"
              + " have to log in again.");
      return null;
    }
    Instant creationTime;
    Instant accessed;
    Duration interval;
    try {
      creationTime = Instant.ofEpochMilli(number(CREATED, fields));
      accessed = Instant.ofEpochMilli(number(ACCESSED, fields));
      interval = Duration.ofSeconds(number(INTERVAL, fields));
    } catch (UndecodableValueException e) {
      warn("A session of Spring Session is not taken over. " + e.getMessage());
      return null;
    }
    if (!interval.isNegative() && !clock.get().isBefore(accessed.plus(interval))) {
      return null;
    }
    Map<String, Object> attributes = new HashMap<>();
    fields.forEach(
        (field, value) -> {
          Object attribute =
              field.startsWith(ATTRIBUTE) && value.length > 0
                  ? attribute(field.substring(ATTRIBUTE.length()), value)
                  : null;
          if (attribute != null) {
            attributes.put(field.substring(ATTRIBUTE.length()), attribute);
          }
        });
    return new Inheritance(creationTime, accessed, interval, attributes, null);
  }

  /** Ends a session. One wait. */
  public void end(String id) {
    keys.remove(id);
  }

  private long number(String field, Map<String, byte[]> fields) {
    byte[] value = fields.get(field);
    if (value != null && isStream(value) && codec.decodeStream(value) instanceof Number number) {
      return number.longValue();
    }
    throw new UndecodableValueException(
        "A session of Spring Session has no number in its field " + field, null);
  }

  private @Nullable Object attribute(String name, byte[] value) {
    if (!isStream(value)) {
      warnOf(name, ": it was not written by JDK serialization");
      return null;
    }
    try {
      return codec.decodeStream(value);
    } catch (UndecodableValueException e) {
      if (e instanceof StoredClassNotAllowedException) {
        security.report(
            Kind.REFUSED_CLASS,
            null,
            "the attribute " + name + " of Spring Session is not taken over. " + e.getMessage());
      }
      warnOf(name, ". " + e.getMessage());
      return null;
    }
  }

  private void warnOf(String attribute, String why) {
    warn(
        "Session attribute "
            + Printable.of(attribute)
            + " is not taken over from Spring Session"
            + why);
  }

  private void warn(String line) {
    if (reported.size() < MAX_REPORTED && reported.add(line)) {
      LOG.log(Level.WARNING, "{0} (said once)", Printable.message(line));
    }
  }

  private static boolean isStream(byte[] value) {
    return value.length > 2 && ((value[0] & 0xFF) << 8 | (value[1] & 0xFF)) == STREAM;
  }
}
