package dev.holdfast.session;

import dev.holdfast.api.SessionInfo;
import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.codec.UndecodableValueException;
import dev.holdfast.codec.ValueCodec;
import dev.holdfast.metrics.Measurements;
import dev.holdfast.sealing.Sealing;
import dev.holdfast.session.SessionDetails.Form;
import dev.holdfast.session.SessionDetails.LocalValue;
import dev.holdfast.session.SessionDetails.StoredValue;
import dev.holdfast.session.UserPage.UserSummary;
import dev.holdfast.store.ExpiryIndex;
import dev.holdfast.store.SessionState;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.StoredSession;
import dev.holdfast.store.StoredSession.StoredAttribute;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Which sessions there are, for an admin: by page, by user, or one in full. Looking counts as no
 * access.
 *
 * <p>It finds sessions through the index that {@code expiry.events} writes, so what it costs goes
 * with the page and not with what else is in Redis. A session that was stored while that was off is
 * found by its id only, unless it has been used since.
 *
 * <p>Every method throws {@link SessionStoreUnavailableException} when the store does not answer,
 * and those that list throw {@link IllegalStateException} when {@code expiry.events} is off.
 */
public final class SessionDirectory {
  /** How many sessions a sweep over all of them asks for at once. */
  private static final int BATCH = 500;

  private final SessionStore store;
  private final ValueCodec codec;
  private final ExpiryIndex index;
  private final ResidentSessions residents;

  SessionDirectory(
      SessionStore store, ValueCodec codec, ExpiryIndex index, ResidentSessions residents) {
    this.store = store;
    this.codec = codec;
    this.index = index;
    this.residents = residents;
  }

  /**
   * For somebody who keeps no sessions himself.
   *
   * @param codec names the types of values
   * @param index names the sessions
   */
  public static SessionDirectory of(SessionStore store, ValueCodec codec, ExpiryIndex index) {
    return new SessionDirectory(store, codec, index, new ResidentSessions(0, new Measurements()));
  }

  /**
   * How many sessions there are, with those that have ended in the last minutes and that no sweep
   * has found yet. One wait.
   */
  public long count() {
    requireIndex();
    return index.count();
  }

  /**
   * The sessions of a page. At most one wait for each part of the index, and one for every 64
   * sessions of the page, because requests use the same connection; two commands for each session
   * and one for each part.
   *
   * @param cursor the {@code next} of the page before; null for the first page
   * @param limit how many at most, 1 or more. There may be fewer on a page that is not the last
   * @throws IllegalArgumentException when that is no cursor, or the limit is less than 1
   */
  public SessionPage page(@Nullable String cursor, int limit) {
    requireIndex();
    ExpiryIndex.Page filed = index.page(cursor, limit);
    List<SessionInfo> sessions = new ArrayList<>();
    AtomicInteger unreadable = new AtomicInteger();
    IndexedSession.describe(
            store, filed.locators(), (locator, mayBeGood) -> unreadable.incrementAndGet())
        .forEach(
            (locator, session) -> {
              if (!session.state().expired()) {
                sessions.add(UserSessions.info(locator, session, null));
              }
            });
    return new SessionPage(sessions, unreadable.get(), filed.next());
  }

  /**
   * The users of a page, counted over all sessions: the index does not name users, only their
   * sessions do. Costs what all pages of {@value #BATCH} sessions cost, and keeps no more than a
   * page in memory.
   *
   * @param after the {@code next} of the page before; null for the first page
   * @param limit how many at most, 1 or more
   * @throws IllegalArgumentException when the limit is less than 1
   */
  public UserPage users(@Nullable String after, int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit is " + limit + "; it must be 1 or more");
    }
    // One more than the page has, which tells whether there is a next one. A name that has been
    // dropped cannot come back: the last name that is kept only moves forward in the alphabet.
    TreeMap<String, UserSummary> first = new TreeMap<>();
    String cursor = null;
    do {
      SessionPage page = page(cursor, BATCH);
      for (SessionInfo session : page.sessions()) {
        String user = session.user();
        if (user != null && (after == null || user.compareTo(after) > 0)) {
          first.merge(
              user, new UserSummary(user, 1, session.lastAccessedTime()), SessionDirectory::sum);
          if (first.size() > limit + 1) {
            first.pollLastEntry();
          }
        }
      }
      cursor = page.next();
    } while (cursor != null);
    boolean isLast = first.size() <= limit;
    if (!isLast) {
      first.pollLastEntry();
    }
    return new UserPage(List.copyOf(first.values()), isLast ? null : first.lastKey());
  }

  private static UserSummary sum(UserSummary one, UserSummary other) {
    Instant last =
        one.lastAccessedTime().isAfter(other.lastAccessedTime())
            ? one.lastAccessedTime()
            : other.lastAccessedTime();
    return new UserSummary(one.user(), one.sessions() + other.sessions(), last);
  }

  /** One session with its attributes; null when there is none. One wait, for the whole session. */
  public @Nullable SessionDetails details(String locator) {
    StoredSession session = live(locator);
    if (session == null) {
      return null;
    }
    SessionState state = session.state();
    List<StoredValue> attributes = new ArrayList<>();
    session
        .attributes()
        .forEach((name, attribute) -> attributes.add(stored(name, attribute, state)));
    attributes.sort(Comparator.comparing(StoredValue::name));
    return new SessionDetails(
        UserSessions.info(locator, session, null),
        session.secretTime(),
        expires(state),
        state.stamp().counter(),
        attributes,
        local(locator));
  }

  private @Nullable StoredSession live(String locator) {
    StoredSession session = store.load(locator, null);
    return session == null || session.state().expired() ? null : session;
  }

  private StoredValue stored(String name, StoredAttribute attribute, SessionState state) {
    byte[] value = attribute.value();
    long savesAgo = Math.max(0, state.stamp().counter() - attribute.written().counter());
    return Sealing.isSealed(value)
        ? new StoredValue(name, null, Form.SEALED, value.length, savesAgo)
        : new StoredValue(name, codec.typeOf(value), Form.READABLE, value.length, savesAgo);
  }

  private static @Nullable Instant expires(SessionState state) {
    Instant absolute = state.absoluteDeadline();
    if (state.maxInactiveInterval().isZero() || state.maxInactiveInterval().isNegative()) {
      return absolute;
    }
    Instant idle = state.lastAccessedTime().plus(state.maxInactiveInterval());
    return absolute != null && absolute.isBefore(idle) ? absolute : idle;
  }

  private List<LocalValue> local(String locator) {
    TreeMap<String, LocalValue> local = new TreeMap<>();
    residents.objects(locator).stream()
        .filter(Session::isValid)
        .forEach(session -> session.attributes.local().forEach(v -> local.put(v.name(), v)));
    return List.copyOf(local.values());
  }

  /**
   * The value of a stored attribute, decoded for the caller alone. One wait.
   *
   * @return null when there is no such session or attribute
   * @throws UndecodableValueException when it cannot be read here
   */
  public @Nullable Object value(String locator, String name) {
    StoredSession session = live(locator);
    StoredAttribute attribute = session == null ? null : session.attributes().get(name);
    if (attribute == null) {
      return null;
    }
    if (Sealing.isSealed(attribute.value())) {
      throw new UndecodableValueException(
          "The value is sealed with a key that this node does not have", null);
    }
    return codec.decode(attribute.value());
  }

  private void requireIndex() {
    if (!index.isOn()) {
      throw new IllegalStateException(
          "It is not written down which sessions there are: expiry.events is off");
    }
  }
}
