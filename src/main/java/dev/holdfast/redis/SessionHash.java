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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
  private static final Pattern TIMES =
      Pattern.compile("(\\d{1,18}) (\\d{1,18}) (-?\\d{1,10}) (\\d{1,18})(?: (\\d{1,18}))?");
  private static final Pattern SIGNED = Pattern.compile("-?\\d{1,18}");

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
    byte[] secretHash = fields.meta.get("m:h");
    byte[] times = fields.meta.get("m:x");
    if (secretHash == null || secretHash.length != HASH_BYTES) {
      throw new MalformedHashException("m:h is not a hash of " + HASH_BYTES + " bytes");
    }
    Matcher match = TIMES.matcher(times == null ? "" : ascii(times));
    if (!match.matches()) {
      throw new MalformedHashException("m:x does not hold the session's times");
    }
    long expireAt = Long.parseLong(match.group(1));
    Duration idle = Duration.ofSeconds(Long.parseLong(match.group(3)));
    String absolute = match.group(5);
    Instant absoluteDeadline =
        absolute == null ? null : Instant.ofEpochMilli(Long.parseLong(absolute));
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
            previous(fields.meta.get("m:p")),
            Long.parseLong(match.group(4)),
            fields.stamps.decode(fields.meta.get("m:v"), "m:v"),
            Instant.ofEpochMilli(Long.parseLong(match.group(2))),
            idle,
            absoluteDeadline,
            Instant.ofEpochMilli(clock),
            expired);
    boolean oddTtl = now == null && !fits;
    return new Reading(state, foreignTtl, oddTtl);
  }

  /** The whole session: {@code state} was read from the same hash. */
  static StoredSession session(SessionState state, Fields fields) throws MalformedHashException {
    byte[] created = fields.meta.get("m:c");
    Matcher match = SIGNED.matcher(created == null ? "" : ascii(created));
    if (!match.matches()) {
      throw new MalformedHashException("m:c does not hold the creation time");
    }
    byte[] first = fields.meta.get("m:s");
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
    Instant creationTime = Instant.ofEpochMilli(Long.parseLong(match.group()));
    byte[] rotated = fields.meta.get("m:n");
    if (rotated != null && !SIGNED.matcher(ascii(rotated)).matches()) {
      throw new MalformedHashException("m:n does not hold the time of the last rotation");
    }
    return new StoredSession(
        state,
        creationTime,
        rotated == null ? creationTime : Instant.ofEpochMilli(Long.parseLong(ascii(rotated))),
        fields.meta.get("m:u"),
        attributes);
  }

  /** A hash sorted by its name spaces; what belongs to none is left alone. */
  static final class Fields {
    private final Map<String, byte[]> meta = new HashMap<>();
    private final Map<String, byte[]> values = new LinkedHashMap<>();
    private final Map<String, byte[]> written = new HashMap<>();

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

    void add(byte[] field, byte[] value) {
      empty = false;
      if (field.length < 2 || field[1] != ':') {
        return;
      }
      switch (field[0]) {
        case 'm' -> meta.put(ascii(field), value);
        case 'a' -> values.put(FieldName.decode(field, 2), value);
        case 'r' -> written.put(FieldName.decode(field, 2), value);
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
    String until =
        field.length <= HASH_BYTES
            ? ""
            : ascii(Arrays.copyOfRange(field, HASH_BYTES, field.length));
    if (!SIGNED.matcher(until).matches()) {
      throw new MalformedHashException("m:p is not a hash and a deadline");
    }
    long signed = Long.parseLong(until);
    return new PreviousSecret(
        Arrays.copyOf(field, HASH_BYTES), Instant.ofEpochMilli(Math.abs(signed)), signed > 0);
  }
}
