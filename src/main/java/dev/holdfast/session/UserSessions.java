package dev.holdfast.session;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.holdfast.config.OneMoreLogin;
import dev.holdfast.config.Settings;
import dev.holdfast.config.UserSettings;
import dev.holdfast.metrics.Metrics;
import dev.holdfast.metrics.Metrics.Counter;
import dev.holdfast.security.SecurityEvent.Kind;
import dev.holdfast.security.SecurityEvents;
import dev.holdfast.security.SessionToken;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.SessionStoreUnavailableException;
import dev.holdfast.store.StoredSession;
import dev.holdfast.store.UserIndex.Member;
import dev.holdfast.store.UserIndex.Members;
import dev.holdfast.text.Printable;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which sessions a user has, and how many they may have.
 *
 * <p>A login is written into the index before it is stored with the session. So a crash between the
 * two leaves a member whose session is not the user's, and never a session that the index does not
 * have. Whoever reads the index asks the sessions themselves; a member whose session has ended, or
 * belongs to somebody else, is removed then, unless it is younger than {@link #UNDER_WAY}: its
 * login may be about to be stored.
 *
 * <p>The limit holds because a place is taken by one script and a session is stored only with a
 * place. With {@code end-oldest} the victim is destroyed before the login takes its place: at no
 * time do more sessions answer than there are places. A victim may be a session whose own login is
 * still under way; that login finds its session gone.
 *
 * <p>The index is no longer than it has to be: an ended session is removed, though nobody waits for
 * that, and a login that finds {@link #CROWD} members or a multiple of it removes the dead ones. It
 * is kept for 30 days after the last sign of life, which a node gives for every session that it
 * sees in use, once in {@link #RENEW}: that also files again what a failover has lost.
 */
public final class UserSessions {
  /** How long a login may take from its place in the index to its session in the store. */
  static final Duration UNDER_WAY = Duration.ofSeconds(60);

  /** After this a login takes its place once more before it is stored. */
  private static final Duration FILED_AGAIN = Duration.ofSeconds(30);

  private static final Duration RENEW = Duration.ofMinutes(5);
  private static final Logger LOG = System.getLogger(UserSessions.class.getName());
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
  private final Cache<String, Boolean> renewed =
      Caffeine.newBuilder()
          .maximumSize(MAX_RENEWED)
          .expireAfterWrite(RENEW)
          .executor(Runnable::run)
          .build();

  /**
   * @param end ends the session of a locator, and says whether there was one
   */
  UserSessions(
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

  /** A place in the index that a session has taken; {@code time} as {@link System#nanoTime()}. */
  record Place(String user, long time) {
    boolean isFor(String name) {
      return user.equals(name) && System.nanoTime() - time < FILED_AGAIN.toNanos();
    }
  }

  /**
   * What stands for a user in the store, and is theirs here only. Says nothing about them; a guess
   * can be confirmed unless there is a key ({@link SealedUserIndex}).
   */
  private String key(String user) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest((context + user).getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(Arrays.copyOf(hash, NAME_BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is missing, which every Java platform must have", e);
    }
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
    List<Member> dead = List.of();
    while (true) {
      Members members =
          store
              .users()
              .file(
                  key, session.locator(), settings.perUser(), dead, session.maxInactiveInterval());
      if (members.filed()) {
        session.place(new Place(user, System.nanoTime()));
        renewed.put(session.locator(), true);
        if (members.count() % CROWD == 0) {
          List<Found> unused = look(user);
        }
        return;
      }
      dead = makeRoom(user, members);
      if (dead.isEmpty()) {
        waitForOthers(session, deadline);
      }
    }
  }

  /** What may be removed so that there is room; for {@code end-oldest} a session is ended. */
  private List<Member> makeRoom(String user, Members members) {
    Map<String, StoredSession> sessions = describe(members);
    List<Member> dead = new ArrayList<>();
    Member oldest = null;
    Member oldestUnderWay = null;
    for (Member member : members.members()) {
      StoredSession session = sessions.get(member.locator());
      if (belongsTo(user, session)) {
        oldest = oldest == null ? member : oldest;
      } else if (!isUnderWay(member, members.now())) {
        dead.add(member);
      } else if (session != null && !session.state().expired()) {
        oldestUnderWay = oldestUnderWay == null ? member : oldestUnderWay;
      }
    }
    Member victim = oldest != null ? oldest : oldestUnderWay;
    if (dead.isEmpty() && victim != null && settings.policy() == OneMoreLogin.END_OLDEST) {
      if (end.test(victim.locator())) {
        metrics.count(Counter.ENDED_FOR_LIMIT);
        security.report(
            Kind.SESSION_ENDED,
            victim.locator(),
            "ended by a login of its user, who may have " + settings.perUser() + " sessions");
      }
      dead.add(victim);
    }
    return dead;
  }

  /** All places are taken by logins that are under way, or by sessions that may stay. */
  private void waitForOthers(Session session, long deadline) {
    boolean refuses = settings.policy() == OneMoreLogin.REFUSE;
    if (refuses || System.nanoTime() - deadline >= 0) {
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

  /** A session of a user is in use here. Does not wait. */
  void seen(Session session) {
    String user = session.storedUser();
    if (user != null
        && settings.indexed()
        && renewed.asMap().putIfAbsent(session.locator(), true) == null) {
      store.users().renew(key(user), session.locator(), session.maxInactiveInterval());
    }
  }

  /** A stored session may be filed under an old name of its user. Does not wait. */
  void refile(String locator, StoredSession session) {
    String user = userOf(session);
    if (user != null && settings.indexed()) {
      store.users().renew(key(user), locator, session.state().maxInactiveInterval());
    }
  }

  /**
   * Sessions are back that the store had lost, with what was known of their users. One wait for
   * every {@value #CROWD} of them.
   */
  private void restored(Collection<String> locators) {
    List<String> left = new ArrayList<>(locators);
    while (settings.indexed() && !left.isEmpty()) {
      List<String> some = left.subList(0, Math.min(CROWD, left.size()));
      try {
        store.describe(some).forEach(this::refile);
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

  /** A session was saved. Does not wait. */
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

  /** Its own request has ended a session. Does not wait. */
  void ended(Session session) {
    forget(session.storedUser(), session.locator());
    Place place = session.place();
    if (place != null && !place.user().equals(session.storedUser())) {
      forget(place.user(), session.locator());
    }
  }

  /**
   * A session has ended, or is another user's now. Does not wait.
   *
   * @param user whose it was; null: nobody's
   */
  void forget(@Nullable String user, String locator) {
    if (user != null && settings.indexed()) {
      renewed.invalidate(locator);
      store.users().forget(key(user), locator, store.now());
    }
  }

  private Map<String, StoredSession> describe(Members members) {
    return store.describe(members.members().stream().map(Member::locator).toList());
  }

  private static boolean isUnderWay(Member member, Instant now) {
    return Duration.between(member.since(), now).compareTo(UNDER_WAY) < 0;
  }

  private static boolean belongsTo(String user, @Nullable StoredSession session) {
    return session != null && !session.state().expired() && user.equals(userOf(session));
  }

  /** Who is logged in to a stored session, or null. */
  static @Nullable String userOf(StoredSession session) {
    try {
      Login login = Login.fromBytes(session.principal());
      return login == null ? null : login.name();
    } catch (UncheckedIOException e) {
      return null;
    }
  }

  /** A session of a user, and whether it is not stored as theirs yet. */
  private record Found(Member member, @Nullable StoredSession session, boolean underWay) {}

  /** The members of a user whose session is theirs, or may be soon; the others are removed. */
  private List<Found> look(String user) {
    Members members = store.users().members(key(user), List.of());
    Map<String, StoredSession> sessions = describe(members);
    List<Found> found = new ArrayList<>();
    List<Member> dead = new ArrayList<>();
    for (Member member : members.members()) {
      StoredSession session = sessions.get(member.locator());
      if (belongsTo(user, session)) {
        found.add(new Found(member, session, false));
      } else if (isUnderWay(member, members.now())) {
        found.add(new Found(member, session, true));
      } else {
        dead.add(member);
      }
    }
    if (!dead.isEmpty()) {
      Members unused = store.users().members(key(user), dead);
    }
    return found;
  }

  /** The sessions of a user, the oldest login first. Two waits, three when some had ended. */
  public List<SessionInfo> of(String user) {
    requireIndex();
    return look(user).stream()
        .filter(found -> !found.underWay())
        .map(
            found ->
                info(
                    found.member().locator(),
                    Objects.requireNonNull(found.session()),
                    found.member().since()))
        .toList();
  }

  /** What is known of a session; null when there is none. One wait. */
  public @Nullable SessionInfo find(String locator) {
    StoredSession session = store.describe(List.of(locator)).get(locator);
    return session == null || session.state().expired() ? null : info(locator, session, null);
  }

  /** Ends a session. One wait. */
  public boolean end(String locator, String why) {
    boolean ended = end.test(locator);
    if (ended) {
      security.report(Kind.SESSION_ENDED, locator, why);
    }
    return ended;
  }

  /** Ends a session if it is this user's. Two waits. */
  public boolean endOf(String user, String locator, String why) {
    return belongsTo(user, store.describe(List.of(locator)).get(locator)) && end(locator, why);
  }

  /**
   * Ends all sessions of a user but one, those included whose login is under way. Two waits and one
   * for each.
   *
   * @param kept locator of the one that stays, or null
   * @return how many this call has ended
   */
  public int endAll(String user, @Nullable String kept, String why) {
    requireIndex();
    int ended = 0;
    for (int round = 0; round < MAX_ROUNDS; round++) {
      boolean unfinished = false;
      for (Found found : look(user)) {
        StoredSession session = found.session();
        if (found.member().locator().equals(kept)) {
          continue;
        }
        if (session == null) {
          // About to be created by a login; or that login's node is no more.
          unfinished = true;
        } else if (!found.underWay() || userOf(session) == null) {
          ended += end(found.member().locator(), why) ? 1 : 0;
        }
      }
      if (!unfinished || !pause()) {
        break;
      }
    }
    return ended;
  }

  private static SessionInfo info(
      String locator, StoredSession session, @Nullable Instant loginTime) {
    return new SessionInfo(
        SessionToken.publicId(locator, session.state().secretHash()),
        userOf(session),
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
