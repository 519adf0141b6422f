package dev.holdfast.redis;

import static dev.holdfast.redis.client.Ascii.ascii;

import dev.holdfast.redis.client.Ascii;
import dev.holdfast.redis.client.RedisClock;
import dev.holdfast.store.SessionState;
import dev.holdfast.store.SessionState.PreviousSecret;
import dev.holdfast.store.Stamp;
import dev.holdfast.store.StoredSession;
import dev.holdfast.store.StoredSession.StoredAttribute;
import dev.holdfast.store.TouchInterval;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the hash of one session; the package's documentation has its layout. */
final class SessionHash {
  /**
   * How long attributes stay readable after the session's time is over. The scripts have the same
   * constant.
   */
  static final Duration GRACE = Duration.ofMinutes(5);

  /** The fields that {@link #state} reads. */
  static final List<byte[]> STATE_FIELDS =
      List.of(ascii("m:h"), ascii("m:v"), ascii("m:x"), ascii("m:p"));

  /** The fields that {@link #state} and {@link #session} read, without the attributes. */
  static final List<byte[]> METADATA_FIELDS =
      Stream.concat(STATE_FIELDS.stream(), Stream.of("m:c", "m:n", "m:u").map(Ascii::ascii))
          .toList();

  private static final int HASH_BYTES = 32;
  static final Duration NEVER = Duration.ofDays(365);
  static final Duration MAX_TOUCH_INTERVAL = Duration.ofHours(1);
  static final Duration CLOCK_STEP = Duration.ofSeconds(10);

  /** Of maxInactive, in seconds: beyond any that can be set, an {@code int}. */
  private static final long MOST_IDLE_SECONDS = 9_999_999_999L;

  private SessionHash() {}

  /**
   * A reading of {@code m:h}, {@code m:v}, {@code m:x} and {@code m:p} with the key's TTL.
   *
   * @param foreignTtl whether no script has set that TTL, as far as the clock is known
   * @param oddTtl whether it does not fit the clock: it was set after the fields were read, it is
   *     not this key's, or the clock was stepped
   */
  record Reading(SessionState state, boolean foreignTtl, boolean oddTtl) {}

  /**
   * The state of a session.
   *
   * @param now Redis's clock when known otherwise, or null to compute it from the TTL
   * @param estimate stands in for the clock when the TTL is not the one that was set
   */
  static Reading state(Fields fields, long pttl, @Nullable Long now, long estimate)
      throws MalformedHashException {
    byte[] secretHash = fields.meta('h');
    if (secretHash == null || secretHash.length != HASH_BYTES) {
      throw new MalformedHashException("m:h is not a hash of " + HASH_BYTES + " bytes");
    }
    long[] times = times(fields.meta('x'));
    long expireAt = times[0];
    Duration idle = Duration.ofSeconds(times[2]);
    Instant absoluteDeadline = times.length < 5 ? null : Instant.ofEpochMilli(times[4]);
    long derived = expireAt - pttl;
    long clock = now != null ? now : RedisClock.plausible(derived, estimate);
    boolean fits = Math.abs(derived - (now != null ? now : estimate)) <= CLOCK_STEP.toMillis();
    // A script set a TTL that is too long and ends when m:x says; the clock was set back since.
    boolean foreignTtl = pttl < 0 || (pttl > longestTtl(idle).toMillis() && !fits);
    boolean expired =
        foreignTtl
            || pttl <= GRACE.toMillis()
            || (absoluteDeadline != null && absoluteDeadline.toEpochMilli() <= clock);
    SessionState state =
        new SessionState(
            secretHash,
            previous(fields.meta('p')),
            times[3],
            fields.stamps.decode(fields.meta('v'), "m:v"),
            Instant.ofEpochMilli(times[1]),
            idle,
            absoluteDeadline,
            Instant.ofEpochMilli(clock),
            expired);
    boolean oddTtl = now == null && !fits;
    return new Reading(state, foreignTtl, oddTtl);
  }

  /**
   * When a session ends of which nothing else is heard, in milliseconds by Redis's clock.
   *
   * @param pttl of its key at {@code state.now()}
   */
  static long end(SessionState state, long pttl) {
    long idle = state.now().toEpochMilli() + pttl - GRACE.toMillis();
    Instant absolute = state.absoluteDeadline();
    return absolute == null ? idle : Math.min(idle, absolute.toEpochMilli());
  }

  /** The whole session: {@code state} was read from the same hash. */
  static StoredSession session(SessionState state, Fields fields) throws MalformedHashException {
    long created = number(fields.meta('c'), 0, "m:c does not hold the creation time");
    byte[] first = fields.meta('s');
    Stamp creation = first == null ? state.stamp() : fields.stamps.decode(first, "m:s");
    Map<String, StoredAttribute> attributes = new LinkedHashMap<>();
    for (Map.Entry<String, byte[]> value : fields.values.entrySet()) {
      byte[] written = fields.written.get(value.getKey());
      attributes.put(
          value.getKey(),
          new StoredAttribute(
              value.getValue(),
              written == null ? creation : fields.stamps.decode(written, "a field r:")));
    }
    byte[] rotation = fields.meta('n');
    long rotated =
        rotation == null
            ? created
            : number(rotation, 0, "m:n does not hold the time of the last rotation");
    return new StoredSession(
        state,
        Instant.ofEpochMilli(created),
        Instant.ofEpochMilli(rotated),
        fields.meta('u'),
        attributes);
  }

  /**
   * When the key ends (ms), the last access (ms), maxInactive (s), the epoch, and perhaps the
   * absolute deadline (ms).
   */
  private static long[] times(byte @Nullable [] field) throws MalformedHashException {
    long[] times = Decimals.of(field);
    boolean valid =
        times.length >= 4
            && times[0] >= 0
            && times[1] >= 0
            && Math.abs(times[2]) <= MOST_IDLE_SECONDS
            && times[3] >= 0
            && (times.length < 5 || times[4] >= 0);
    if (!valid) {
      throw new MalformedHashException("m:x does not hold the session's times");
    }
    return times;
  }

  private static long number(byte @Nullable [] field, int from, String fault)
      throws MalformedHashException {
    long[] numbers = Decimals.of(field, from);
    if (numbers.length != 1) {
      throw new MalformedHashException(fault);
    }
    return numbers[0];
  }

  /** A hash sorted by its name spaces; what belongs to none is left alone. */
  static final class Fields {
    /** By the letter of their name, m:a to m:z. */
    private final byte[] @Nullable [] meta = new byte['z' - 'a' + 1][];

    /** Empty and shared until there is one: most questions ask for none. */
    private Map<String, byte[]> values = Map.of();

    private Map<String, byte[]> written = Map.of();

    private final BoundStamp stamps;
    private boolean empty = true;

    /** For the session with that key. */
    Fields(byte[] key) {
      this.stamps = new BoundStamp(key);
    }

    boolean isEmpty() {
      return empty;
    }

    /** What HMGET of {@link #STATE_FIELDS} answers. */
    static Fields ofState(byte[] key, List<Object> values) {
      Fields fields = new Fields(key);
      for (int i = 0; i < Math.min(values.size(), STATE_FIELDS.size()); i++) {
        if (values.get(i) instanceof byte[] value) {
          fields.add(STATE_FIELDS.get(i), value);
        }
      }
      return fields;
    }

    private byte @Nullable [] meta(char letter) {
      return meta[letter - 'a'];
    }

    void add(byte[] field, byte[] value) {
      empty = false;
      if (field.length < 2 || field[1] != ':') {
        return;
      }
      switch (field[0]) {
        case 'm' -> {
          if (field.length == 3 && field[2] >= 'a' && field[2] <= 'z') {
            meta[field[2] - 'a'] = value;
          }
        }
        case 'a' -> {
          values = values.isEmpty() ? new LinkedHashMap<>() : values;
          values.put(FieldName.decode(field, 2), value);
        }
        case 'r' -> {
          written = written.isEmpty() ? new HashMap<>() : written;
          written.put(FieldName.decode(field, 2), value);
        }
        default -> {
          // A field of another version.
        }
      }
    }
  }

  /** No script sets a longer TTL, whatever the {@code touch.interval} of its node. */
  private static Duration longestTtl(Duration idle) {
    Duration lifetime =
        idle.isZero() || idle.isNegative()
            ? NEVER
            : idle.plus(TouchInterval.of(MAX_TOUCH_INTERVAL, idle)).plus(GRACE);
    return lifetime.plus(CLOCK_STEP);
  }

  /** How long a session that was touched just now lives if it is not used; the scripts agree. */
  static Duration lifetime(Duration idle, Duration slack) {
    return idle.isZero() || idle.isNegative()
        ? NEVER.minus(GRACE)
        : idle.plus(TouchInterval.of(slack, idle));
  }

  private static @Nullable PreviousSecret previous(byte @Nullable [] field)
      throws MalformedHashException {
    if (field == null) {
      return null;
    }
    long signed = number(field, HASH_BYTES, "m:p is not a hash and a deadline");
    return new PreviousSecret(
        Arrays.copyOf(field, HASH_BYTES), Instant.ofEpochMilli(Math.abs(signed)), signed > 0);
  }
}
