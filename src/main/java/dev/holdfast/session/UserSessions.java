package dev.holdfast.session;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.holdfast.api.LoginRefusedException;
import dev.holdfast.api.SecurityEvent.Kind;
import dev.holdfast.api.SessionInfo;
import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.config.OneMoreLogin;
import dev.holdfast.config.Settings;
import dev.holdfast.config.UserSettings;
import dev.holdfast.metrics.Metrics;
import dev.holdfast.metrics.Metrics.Counter;
import dev.holdfast.security.SecurityEvents;
import dev.holdfast.security.SessionToken;
import dev.holdfast.security.Sha256;
import dev.holdfast.session.IndexedSession.Standing;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.StoredSession;
import dev.holdfast.store.UserIndex.Member;
import dev.holdfast.store.UserIndex.Members;
import dev.holdfast.text.Loggers;
import dev.holdfast.text.Printable;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which sessions a user has, and how many they may have.
 *
 * <p>A login is written into the index before it is stored with the session. So a crash between the
 * two leaves a member whose session is not the user's, and never a session that the index does not
 * have. Whoever reads the index asks the sessions themselves; a member whose session has ended, or
 * belongs to somebody else, is removed then, unless it is younger than {@link
 * IndexedSession#UNDER_WAY}: its login may be about to be stored.
 *
 * <p>The limit holds because a place is taken by one script and a session is stored only with a
 * place. With {@code end-oldest} the victim is destroyed before the login takes its place: at no
 * time do more sessions answer than there are places. A victim may be a session whose own login is
 * still under way; that login finds its session gone.
 *
 * <p>The index is kept short: an ended session is removed, though nobody waits for that, and a
 * login that finds {@link #CROWD} members, or that number doubled once or more, removes the dead
 * ones. It is kept for 30 days after the last sign of life. A node gives one for every session that
 * it sees in use, once in {@link #REFILE_INTERVAL}; that also files again what a failover has lost.
 */
public final class UserSessions {
  private static final Duration REFILE_INTERVAL = Duration.ofMinutes(5);
  private static final Logger LOG = Loggers.of(UserSessions.class);
  private static final long MAX_RENEWED = 100_000;
  private static final int CROWD = 64;
  private static final long PAUSE_MILLIS = 10;
  private static final int MAX_ROUNDS = 20;
  private static final int NAME_BYTES = 16;

  private final SessionStore store;
  private final UserSettings settings;
  private final Duration patience;
  private final String context;
  private final Metrics metrics;
  private final SecurityEvents security;
  private final Predicate<String> end;
  private final Cache<String, Boolean> refiled =
      Caffeine.newBuilder()
          .maximumSize(MAX_RENEWED)
          .expireAfterWrite(REFILE_INTERVAL)
          .executor(Runnable::run)
          .build();

  /**
   * For one application. Sessions that are put back by {@code store} are filed under their users.
   *
   * @param end ends the session of a locator, and says whether there was one
   */
  public UserSessions(
      SessionStore store,
      Settings settings,
      Metrics metrics,
      SecurityEvents security,
      Predicate<String> end) {
    this.store = store;
    this.settings = settings.users();
    this.patience = settings.redis().timeout().multipliedBy(2);
    this.context = "holdfast user of " + settings.app() + " ";
    this.metrics = metrics;
    this.security = security;
    this.end = end;
    store.whenRestored(this::restored);
  }

  /**
   * The name that stands for a user in the store; each application has another one for them. It
   * says nothing about the user, but a guess can be confirmed unless there is a key ({@code
   * SealedUserIndex}).
   */
  private String key(String user) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(Arrays.copyOf(Sha256.of(context + user), NAME_BYTES));
  }

  /** Whether a login that would be one too many has to be refused. */
  boolean refuses() {
    return settings.perUser() > 0 && settings.policy() == OneMoreLogin.REFUSE;
  }

  /**
   * Files a session whose login is to be stored, once. One wait, more when there is no room; none
   * when it has its place.
   *
   * @param user who logs in
   * @throws LoginRefusedException when there is no room
   */
  void file(Session session, String user) {
    Place place = session.place();
    if (!settings.indexed() || !session.isKept() || (place != null && place.isFor(user))) {
      return;
    }
    String key = key(user);
    long deadline = System.nanoTime() + patience.toNanos();
    int limit = settings.perUser();
    List<Member> dead = List.of();
    while (true) {
      Members members =
          store.users().file(key, session.locator(), limit, dead, session.maxInactiveInterval());
      if (members.filed()) {
        session.place(new Place(user, System.nanoTime()));
        refiled.put(session.locator(), true);
        if (isCrowd(members.count())) {
          List<IndexedSession> unused = look(user);
        }
        return;
      }
      Room room = Room.of(IndexedSession.of(store, user, members));
      dead = makeRoom(room);
      int before = limit;
      limit = settings.perUser() + (refuses() ? room.unreadable() : 0);
      if (dead.isEmpty() && limit <= before) {
        waitForOthers(session, deadline);
      }
    }
  }

  private static boolean isCrowd(int members) {
    return members % CROWD == 0 && Integer.bitCount(members / CROWD) == 1;
  }

  /** What may be removed so that there is room; for {@code end-oldest} a session is ended. */
  private List<Member> makeRoom(Room room) {
    Member victim = room.victim();
    if (!room.dead().isEmpty() || victim == null || settings.policy() != OneMoreLogin.END_OLDEST) {
      return room.dead();
    }
    if (end.test(victim.locator())) {
      metrics.count(Counter.ENDED_FOR_LIMIT);
      security.report(
          Kind.SESSION_ENDED,
          victim.locator(),
          "ended by a login of its user, who may have " + settings.perUser() + " sessions");
    }
    return List.of(victim);
  }

  /**
   * Waits or refuses, because all places are taken by logins under way or by sessions that may
   * stay.
   */
  private void waitForOthers(Session session, long deadline) {
    if (refuses() || System.nanoTime() - deadline >= 0) {
      metrics.count(Counter.LOGIN_REFUSED);
      security.report(
          Kind.LOGIN_REFUSED,
          session.locator(),
          "its user may have " + settings.perUser() + " sessions and has them");
      throw new LoginRefusedException(
          "Session "
              + session.id()
              + " was not logged in: its user may have "
              + settings.perUser()
              + " sessions at a time and has them (sessions.per-user)");
    }
    if (!pause()) {
      throw new LoginRefusedException(
          "Session " + session.id() + " was not logged in: interrupted while waiting for a place");
    }
  }

  private static boolean pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Gives a sign of life for a session that is in use here. Does not wait. */
  void seen(Session session) {
    String user = session.storedUser();
    if (user != null
        && settings.indexed()
        && refiled.asMap().putIfAbsent(session.locator(), true) == null) {
      store.users().refile(key(user), session.locator(), session.maxInactiveInterval());
    }
  }

  /**
   * Files a stored session again, which may be filed under an old name of its user. Does not wait.
   */
  void refile(String locator, StoredSession session) {
    String user = IndexedSession.userOf(session);
    if (user != null && settings.indexed()) {
      store.users().refile(key(user), locator, session.state().maxInactiveInterval());
    }
  }

  /**
   * Files sessions again that the store had lost and has back, with what it knew of their users.
   * One wait for every {@value IndexedSession#AT_ONCE} of them.
   */
  private void restored(Collection<String> locators) {
    List<String> left = new ArrayList<>(locators);
    while (settings.indexed() && !left.isEmpty()) {
      List<String> some = left.subList(0, Math.min(IndexedSession.AT_ONCE, left.size()));
      try {
        store.describe(some, (locator, mayBeGood) -> {}).forEach(this::refile);
      } catch (SessionStoreUnavailableException e) {
        LOG.log(
            Level.WARNING,
            "{0} sessions are back that are not found by their users before they are used. {1}",
            some.size(),
            Printable.message(e.getMessage()));
      }
      some.clear();
    }
  }

  /** Removes the entries that no longer hold once a session is saved. Does not wait. */
  void stored(Session session, @Nullable String userBefore) {
    String user = session.storedUser();
    if (!Objects.equals(userBefore, user)) {
      forget(userBefore, session.locator());
    }
    Place place = session.place();
    if (place != null && !place.user().equals(user)) {
      session.place(null);
      if (!place.user().equals(userBefore)) {
        forget(place.user(), session.locator());
      }
    }
  }

  /** Removes a session that its own request has ended. Does not wait. */
  void ended(Session session) {
    forget(session.storedUser(), session.locator());
    Place place = session.place();
    if (place != null && !place.user().equals(session.storedUser())) {
      forget(place.user(), session.locator());
    }
  }

  /**
   * Removes a session that has ended, or is another user's now. Does not wait.
   *
   * @param user the user whose it was; null for nobody
   */
  void forget(@Nullable String user, String locator) {
    if (user != null && settings.indexed()) {
      refiled.invalidate(locator);
      store.users().forget(key(user), locator, store.now());
    }
  }

  /** The members of a user whose session is theirs, or may be; the others are removed. */
  private List<IndexedSession> look(String user) {
    List<IndexedSession> all =
        IndexedSession.of(store, user, store.users().members(key(user), List.of()));
    List<Member> dead =
        all.stream().filter(i -> i.is(Standing.DEAD)).map(IndexedSession::member).toList();
    if (!dead.isEmpty()) {
      Members unused = store.users().members(key(user), dead);
    }
    return all.stream().filter(i -> !i.is(Standing.DEAD)).toList();
  }

  /**
   * The sessions of a user, the oldest login first. Two waits, four when some had ended; one more
   * for every further {@value IndexedSession#AT_ONCE} sessions, two when some of those had ended.
   */
  public List<SessionInfo> of(String user) {
    requireIndex();
    return look(user).stream()
        .filter(indexed -> indexed.is(Standing.THEIRS))
        .map(
            indexed ->
                info(
                    indexed.locator(),
                    Objects.requireNonNull(indexed.session()),
                    indexed.member().since()))
        .toList();
  }

  /** What is known of a session; null when there is none. One wait. */
  public @Nullable SessionInfo find(String locator) {
    StoredSession session =
        store.describe(List.of(locator), UserSessions::refuseUnlessDamaged).get(locator);
    return session == null || session.state().expired() ? null : info(locator, session, null);
  }

  private static void refuseUnlessDamaged(
      String locator, @Nullable SessionStoreUnavailableException mayBeGood) {
    if (mayBeGood != null) {
      throw mayBeGood;
    }
  }

  /** Ends a session. One wait. */
  public boolean end(String locator, String why) {
    boolean ended = end.test(locator);
    if (ended) {
      metrics.count(Counter.ENDED_BY_CALL);
      security.report(Kind.SESSION_ENDED, locator, why);
    }
    return ended;
  }

  /**
   * Ends a session if it is this user's. Two waits; one more when it cannot be read: then the index
   * tells whose it is.
   */
  public boolean endOf(String user, String locator, String why) {
    AtomicBoolean isUnreadable = new AtomicBoolean();
    StoredSession session =
        store
            .describe(List.of(locator), (unreadable, mayBeGood) -> isUnreadable.set(true))
            .get(locator);
    boolean isTheirs;
    if (isUnreadable.get() || (session != null && !Login.isReadable(session.principal()))) {
      isTheirs =
          settings.indexed()
              && store.users().members(key(user), List.of()).members().stream()
                  .anyMatch(member -> member.locator().equals(locator));
    } else {
      isTheirs =
          session != null
              && !session.state().expired()
              && user.equals(IndexedSession.userOf(session));
    }
    return isTheirs && end(locator, why);
  }

  /**
   * Ends all sessions of a user but one, those included whose login is under way, and those that
   * cannot be read. As many waits as for {@link #of}, and one for each.
   *
   * @param kept locator of the one that stays, or null
   * @return how many this call has ended
   */
  public int endAll(String user, @Nullable String kept, String why) {
    requireIndex();
    int ended = 0;
    for (int round = 0; round < MAX_ROUNDS; round++) {
      boolean unfinished = false;
      for (IndexedSession indexed : look(user)) {
        if (indexed.locator().equals(kept)) {
          continue;
        }
        StoredSession session = indexed.session();
        if (!indexed.is(Standing.UNDER_WAY)) {
          ended += end(indexed.locator(), why) ? 1 : 0;
        } else if (session == null) {
          // A login is about to create it; or that login's node is gone.
          unfinished = true;
        } else if (IndexedSession.userOf(session) == null) {
          ended += end(indexed.locator(), why) ? 1 : 0;
        }
      }
      if (!unfinished || !pause()) {
        break;
      }
    }
    return ended;
  }

  /** What can be told of a stored session. */
  static SessionInfo info(String locator, StoredSession session, @Nullable Instant loginTime) {
    return new SessionInfo(
        SessionToken.publicId(locator, session.state().secretHash()),
        IndexedSession.userOf(session),
        loginTime,
        session.creationTime(),
        session.state().lastAccessedTime(),
        session.state().maxInactiveInterval());
  }

  private void requireIndex() {
    if (!settings.indexed()) {
      throw new IllegalStateException(
          "It is not written down which sessions a user has: sessions.index is off");
    }
  }
}
