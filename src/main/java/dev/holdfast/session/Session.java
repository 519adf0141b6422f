package dev.holdfast.session;

import dev.holdfast.metrics.Metrics.Counter;
import dev.holdfast.security.SessionToken;
import dev.holdfast.session.Attributes.Pending;
import dev.holdfast.session.Attributes.Taken;
import dev.holdfast.store.SaveOutcome;
import dev.holdfast.store.SessionState;
import dev.holdfast.store.SessionState.PreviousSecret;
import dev.holdfast.store.Stamp;
import dev.holdfast.store.StoredSession;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A live session, shared by all requests of it on this node.
 *
 * <p>Two locks. {@code saving} lets one save of this session run at a time and is held while the
 * store is waited for; {@code lock} guards the fields, is held for moments only and never while
 * waiting. Checking a session against the store takes neither, as long as the store's stamp is the
 * one this object holds. If it is not, {@code saving} is taken: either a save of this node was
 * under way and has brought the stamp, or another node wrote and the session is read again, with no
 * save of this node under way that the answer could be older than. Trusting the stamp of a save
 * whose answer is still to come would be wrong: only the answer tells whether another node wrote
 * before.
 *
 * <p>A session that was refused by the store, or whose epoch changed elsewhere, is dropped from the
 * registry; requests that still hold the object go on with it and are refused in turn when they
 * save.
 */
public final class Session {
  private static final Logger LOG = System.getLogger(Session.class.getName());
  private static final int OVERHEAD_BYTES = 600;
  private static final byte[] NOTHING = {};

  final ReentrantLock saving = new ReentrantLock();

  /** Requests that hold this object; guarded by {@link ResidentSessions}. */
  int users;

  private final AtomicInteger accesses = new AtomicInteger();
  private volatile boolean dropped;

  private final Object lock;
  private final Attributes attributes;
  private final ValueRules rules;
  private final Instant creationTime;
  private final @Nullable Instant absoluteDeadline;

  /** The newest token of this session that is known here. */
  private SessionToken token;

  /** Of the secret that opens the session, a login's rotation not yet saved included. */
  private byte[] secretHash;

  private byte[] storedSecretHash;

  /** Hash of the replaced secret that opens the session too, or null. */
  private byte @Nullable [] graceHash;

  /** The principal's field in the store as this node last saw it. */
  private byte[] seal = NOTHING;

  /** Since when the session has the stored secret. */
  private Instant secretTime;

  /** How long the present secret stays good after the renewal that is due; null when none is. */
  private @Nullable Duration renewal;

  /** The id before a renewal of which nobody has been told yet. */
  private @Nullable String renewedId;

  private long epoch;
  private Stamp stamp;
  private boolean stale;
  private boolean stored;

  /** Gone from the store; listeners may still read it. */
  private boolean ending;

  /** How many threads of this node are about to end it. */
  private int claims;

  /** Ended by another node while requests of this one used it. */
  private boolean goneElsewhere;

  /** Found gone while a thread of this node was about to end it. */
  private boolean goneWhileClaimed;

  private boolean ended;
  private boolean rotating;
  private boolean isNew;
  private final boolean kept;

  private Instant lastAccessedTime;
  private Instant accessedTime;
  private Duration maxInactiveInterval;
  private boolean maxInactiveIntervalChanged;
  private @Nullable Login login;
  private boolean loginChanged;

  /** Whose the session is in the store, as far as this node knows. */
  private @Nullable String storedUser;

  private UserSessions.@Nullable Place place;
  private long metadataUses;

  /** maxInactiveInterval as the store has it. */
  private volatile Duration storedInterval;

  /** When the deadline in the store was last known to be moved, in nanoseconds. */
  private volatile long deadlineMoved;

  /** How long it lives from then at least. */
  private volatile Duration life;

  private volatile @Nullable Object facade;

  private Session(
      SessionToken token,
      Stamp stamp,
      Instant creationTime,
      Instant lastAccessedTime,
      Instant accessedTime,
      Duration maxInactiveInterval,
      @Nullable Instant absoluteDeadline,
      boolean kept,
      Attributes attributes) {
    this.token = token;
    this.secretHash = token.secretHash();
    this.storedSecretHash = secretHash;
    this.stamp = stamp;
    this.creationTime = creationTime;
    this.secretTime = creationTime;
    this.lastAccessedTime = lastAccessedTime;
    this.accessedTime = accessedTime;
    this.maxInactiveInterval = maxInactiveInterval;
    this.storedInterval = maxInactiveInterval;
    this.life = maxInactiveInterval;
    this.absoluteDeadline = absoluteDeadline;
    this.kept = kept;
    this.attributes = attributes;
    this.lock = attributes.lock;
    this.rules = attributes.rules;
    attributes.owner = this;
  }

  /**
   * A session that does not exist in the store yet.
   *
   * @param absoluteDeadline when it ends whatever happens, or null
   * @param kept false for a session that lives for one request only and is never stored
   */
  static Session create(
      SessionToken token,
      Stamp stamp,
      Instant now,
      Duration maxInactiveInterval,
      @Nullable Instant absoluteDeadline,
      boolean kept,
      Attributes attributes) {
    Session session =
        new Session(
            token, stamp, now, now, now, maxInactiveInterval, absoluteDeadline, kept, attributes);
    session.isNew = true;
    return session;
  }

  /** A session read from the store by the client that holds {@code token}. */
  static Session load(SessionToken token, StoredSession from, Attributes attributes) {
    SessionState state = from.state();
    Session session =
        new Session(
            token,
            state.stamp(),
            from.creationTime(),
            state.lastAccessedTime(),
            state.lastAccessedTime(),
            state.maxInactiveInterval(),
            state.absoluteDeadline(),
            true,
            attributes);
    session.stored = true;
    session.authenticated(from);
    session.epoch = state.epoch();
    session.login = Login.fromBytes(from.principal());
    session.storedUser = nameOf(session.login);
    attributes.refresh(from.attributes());
    return session;
  }

  /** The part of the id that never changes and names the session in the store. */
  public String locator() {
    return token().locator();
  }

  /**
   * The newest token of this session that is known on this node; a login's rotation not yet saved
   * included. Goes into a cookie and nowhere else.
   *
   * @see #knowsToken()
   */
  public SessionToken token() {
    synchronized (lock) {
      return token;
    }
  }

  /**
   * Whether {@link #token()} is what opens the session. If not, another node has renewed it, and
   * nobody has come here with the new one yet.
   */
  public boolean knowsToken() {
    synchronized (lock) {
      return token.hasSecretHash(secretHash);
    }
  }

  /** Whether {@code candidate} opens the session now, or did before it was merely renewed. */
  public boolean opensWith(SessionToken candidate) {
    synchronized (lock) {
      return candidate.hasSecretHash(secretHash) || isRenewed(candidate);
    }
  }

  /**
   * Whether a renewal has replaced {@code candidate} with {@link #token()}, so that whoever holds
   * the one may have the other.
   */
  public boolean renewed(SessionToken candidate) {
    synchronized (lock) {
      return isRenewed(candidate) && token.hasSecretHash(secretHash);
    }
  }

  /** Never after a login: who holds the id from before must not get the one that followed. */
  private boolean isRenewed(SessionToken candidate) {
    return !rotating && candidate.hasSecretHash(graceHash);
  }

  /**
   * The public id, as {@code HttpSession.getId()} gives it. Also answers when the session has
   * ended.
   */
  public String id() {
    synchronized (lock) {
      return SessionToken.publicId(token.locator(), secretHash);
    }
  }

  /**
   * Whether the session has neither been invalidated nor been found gone. False already while
   * listeners are told that it ends, although it can be read until they have been.
   */
  public boolean isValid() {
    synchronized (lock) {
      return !ending && !ended;
    }
  }

  /** Whether the session is stored, or will be: false for one that lives for a single request. */
  public boolean isKept() {
    return kept;
  }

  /**
   * True until the request that created the session has ended (Servlet 6.1, {@code
   * HttpSession.isNew}).
   */
  public boolean isNew() {
    synchronized (lock) {
      requireValid("isNew");
      return isNew;
    }
  }

  /** When it was created, by the store's clock. */
  public Instant creationTime() {
    synchronized (lock) {
      requireValid("getCreationTime");
      return creationTime;
    }
  }

  /**
   * When the request before this one started, by the store's clock; the creation time in the first.
   */
  public Instant lastAccessedTime() {
    synchronized (lock) {
      requireValid("getLastAccessedTime");
      return lastAccessedTime;
    }
  }

  /**
   * How long it may lie unused; zero or negative: for ever. Also answers when the session has
   * ended.
   */
  public Duration maxInactiveInterval() {
    synchronized (lock) {
      return maxInactiveInterval;
    }
  }

  /**
   * Takes effect with the next save, which it causes.
   *
   * @param interval whole seconds; zero or negative: never expires
   */
  public void maxInactiveInterval(Duration interval) {
    synchronized (lock) {
      if (!interval.equals(maxInactiveInterval)) {
        maxInactiveInterval = interval;
        maxInactiveIntervalChanged = true;
        metadataUses++;
      }
    }
  }

  /** The attribute's value, the same instance for everybody on this node, or null. */
  public @Nullable Object attribute(String name) {
    requireValid("getAttribute");
    return attributes.get(name);
  }

  /**
   * Sets an attribute; it is written even if the value is the same, of which the value itself is
   * not told.
   *
   * @throws IllegalArgumentException when the value cannot be stored or is too large; the old one
   *     stays
   * @throws IllegalStateException when the session has ended
   */
  public void attribute(String name, Object value) {
    requireValid("setAttribute");
    Attribute next = attributes.prepare(name, value);
    attributes.requireRoom(name, next);
    boolean binding = rules.events.isBindingListener(value) && attributes.live(name) != value;
    if (binding) {
      rules.events.valueBound(this, name, value);
    }
    Attribute replaced = null;
    boolean tooLate;
    synchronized (lock) {
      tooLate = ended;
      if (!tooLate) {
        replaced = attributes.put(name, next);
      }
    }
    if (tooLate) {
      // Ended while its value was being bound: what unbinds the others has not seen this one.
      if (binding) {
        unbind(name, value);
      }
      requireValid("setAttribute");
    }
    Object old = attributes.valueOf(name, replaced);
    if (old != null) {
      if (old != value) {
        unbind(name, old);
      }
      rules.events.attributeReplaced(this, name, old);
    } else if (replaced == null || replaced.unreadable) {
      rules.events.attributeAdded(this, name, value);
    }
  }

  /**
   * Removes an attribute, if there is one. What its {@code valueUnbound} throws is thrown on, as
   * Tomcat does.
   */
  public void removeAttribute(String name) {
    requireValid("removeAttribute");
    Object old = attributes.valueOf(name, attributes.remove(name));
    if (old != null) {
      if (rules.events.isBindingListener(old)) {
        rules.events.valueUnbound(this, name, old);
      }
      rules.events.attributeRemoved(this, name, old);
    }
  }

  private void unbind(String name, Object value) {
    if (!rules.events.isBindingListener(value)) {
      return;
    }
    try {
      rules.events.valueUnbound(this, name, value);
    } catch (Exception | LinkageError | AssertionError e) {
      rules.metrics.count(Counter.LISTENER_FAILED);
      LOG.log(
          Level.WARNING,
          "valueUnbound of the session attribute " + name + " failed; it is unbound all the same",
          e);
    }
  }

  /** Names of all attributes, a copy. */
  public List<String> attributeNames() {
    requireValid("getAttributeNames");
    return attributes.names();
  }

  /** Who is logged in, or null. */
  public @Nullable Login login() {
    synchronized (lock) {
      return ended ? null : login;
    }
  }

  private static @Nullable String nameOf(@Nullable Login login) {
    return login == null ? null : login.name();
  }

  /** Whose the session will be with the next save, if that is another than now; else null. */
  @Nullable String userToCome() {
    synchronized (lock) {
      return loginChanged && !ended ? nameOf(login) : null;
    }
  }

  /** Whose the session is in the store, or null. Also answers when the session has ended. */
  @Nullable String storedUser() {
    synchronized (lock) {
      return storedUser;
    }
  }

  /** The place in the index that a login has taken for this object, or null. */
  UserSessions.@Nullable Place place() {
    synchronized (lock) {
      return place;
    }
  }

  void place(UserSessions.@Nullable Place taken) {
    synchronized (lock) {
      place = taken;
    }
  }

  /** Records who is logged in, or with null that nobody is. */
  public void login(@Nullable Login next) {
    synchronized (lock) {
      login = next;
      loginChanged = true;
      metadataUses++;
    }
  }

  /**
   * Gives the session a new secret, and so a new id; the old one dies with the next save, which
   * this causes.
   */
  public void rotate(SecureRandom random) {
    synchronized (lock) {
      requireValid("changeSessionId");
      if (ending) {
        throw new IllegalStateException(
            "changeSessionId: session " + id() + " is being invalidated");
      }
      token = token.rotated(random);
      secretHash = token.secretHash();
      rotating = true;
      renewal = null;
      metadataUses++;
    }
  }

  /**
   * Has the next save renew the secret, if {@code presented} is it and it is {@code interval} old.
   *
   * @param now the store's clock
   * @param grace how long the present secret stays good then
   */
  void renewIfDue(SessionToken presented, Instant now, Duration interval, Duration grace) {
    synchronized (lock) {
      boolean current = stored && !rotating && !ending && !ended;
      if (current
          && renewal == null
          && presented.hasSecretHash(storedSecretHash)
          && !now.isBefore(secretTime.plus(interval))) {
        renewal = grace;
        metadataUses++;
      }
    }
  }

  /** Grows whenever something happened that a save may have to store. */
  public long uses() {
    synchronized (lock) {
      return metadataUses + attributes.uses();
    }
  }

  /** The one object that stands for this session towards the application; made at first use. */
  public <T> T facade(Class<T> type, Function<Session, T> maker) {
    Object existing = facade;
    if (existing == null) {
      synchronized (lock) {
        existing = facade;
        if (existing == null) {
          existing = maker.apply(this);
          facade = existing;
        }
      }
    }
    return type.cast(existing);
  }

  private void requireValid(String call) {
    synchronized (lock) {
      if (ended) {
        throw new IllegalStateException(call + ": session " + id() + " has been invalidated");
      }
    }
  }

  /** A request that came with {@code arrived} starts to use the session. */
  void join(SessionToken arrived) {
    synchronized (lock) {
      isNew = false;
      if (arrived.hasSecretHash(secretHash)) {
        token = arrived;
      }
    }
  }

  /** The request counts as an access, at {@code now}. */
  void access(Instant recorded, Instant now) {
    synchronized (lock) {
      lastAccessedTime = recorded.isAfter(accessedTime) ? recorded : accessedTime;
      accessedTime = now.isAfter(lastAccessedTime) ? now : lastAccessedTime;
    }
  }

  void creatingRequestEnded() {
    synchronized (lock) {
      isNew = false;
    }
  }

  /**
   * A thread of this node is about to take the session out of the store. Until {@link #endClaim},
   * who finds it gone there does not take it for ended elsewhere: it may be this node that has to
   * tell.
   */
  void beginClaim() {
    synchronized (lock) {
      claims++;
    }
  }

  /**
   * The store has answered, or has not.
   *
   * @param won whether this node has taken it out and has to tell
   */
  void endClaim(boolean won) {
    boolean gone;
    synchronized (lock) {
      claims--;
      ending |= won;
      gone = claims == 0 && goneWhileClaimed;
    }
    if (gone) {
      endElsewhere();
    }
  }

  /** The session is gone from the store: no request gets it any more, and nothing is saved. */
  void beginEnd() {
    synchronized (lock) {
      ending = true;
    }
  }

  /**
   * Tells everybody that the session has ended, after {@link #beginEnd}. Listeners read it as it
   * was, then it is invalid, then its values are unbound: Tomcat's order. No listener can stop it.
   */
  void destroy() {
    synchronized (lock) {
      if (ended) {
        return;
      }
    }
    try {
      rules.events.destroyed(this);
    } finally {
      synchronized (lock) {
        ended = true;
      }
    }
    unbind(attributes.takeAll());
  }

  /**
   * The session was ended by another node, which told its listeners: they hear nothing more of it
   * here, except of what that node never had.
   */
  void endElsewhere() {
    synchronized (lock) {
      if (ending || ended) {
        return;
      }
      if (claims > 0) {
        goneWhileClaimed = true;
        return;
      }
      ended = true;
    }
    loseLocal();
  }

  /** As {@link #endElsewhere}, though it was this node that ended it: another object tells. */
  void endUntold() {
    synchronized (lock) {
      ended = true;
    }
    loseLocal();
  }

  /**
   * The session was ended by another node. Requests that use it go on with what they have and are
   * refused when they save; it ends here when the last one leaves.
   */
  void goneElsewhere() {
    synchronized (lock) {
      goneElsewhere = true;
    }
  }

  /** The last user of a dropped object leaves it. */
  void leave() {
    boolean gone;
    synchronized (lock) {
      gone = goneElsewhere;
    }
    if (gone) {
      endElsewhere();
    } else {
      loseLocal();
    }
  }

  /** Nobody will use this object any more; what only this node had is lost with it. */
  void loseLocal() {
    unbind(attributes.takeLocal());
  }

  private void unbind(List<Taken> taken) {
    for (Taken attribute : taken) {
      unbind(attribute.name(), attribute.value());
      rules.events.attributeRemoved(this, attribute.name(), attribute.value());
    }
  }

  boolean hasLocal() {
    return attributes.hasLocal();
  }

  /** The object leaves the registry for good; no later request may use it. */
  void drop() {
    dropped = true;
  }

  boolean isDropped() {
    return dropped;
  }

  boolean isStored() {
    synchronized (lock) {
      return stored;
    }
  }

  /** Whether it is in the store and will not stay there for ever when nobody asks for it. */
  boolean endsUnused() {
    Duration interval = life;
    return isStored() && !interval.isZero() && !interval.isNegative();
  }

  /** A request holds this object that keeps the session alive. */
  void holdAsAccess() {
    accesses.incrementAndGet();
  }

  void endHoldAsAccess() {
    accesses.decrementAndGet();
  }

  /** Whether one of the requests that hold it keeps it alive. */
  boolean isHeldAsAccess() {
    return accesses.get() > 0;
  }

  Duration storedInterval() {
    return storedInterval;
  }

  long deadlineMoved() {
    return deadlineMoved;
  }

  Duration life() {
    return life;
  }

  /** The store has been told at {@code nanos} to keep the session for {@code time}. */
  void deadlineMoved(long nanos, Duration time) {
    life = time;
    deadlineMoved = nanos;
  }

  long epoch() {
    synchronized (lock) {
      return epoch;
    }
  }

  /** Whether this object has the content that the store has. */
  boolean isCurrent(SessionState state) {
    synchronized (lock) {
      return !stale && stamp.equals(state.stamp());
    }
  }

  /**
   * Whether what a check found is what this object loaded or saved, so that it may be believed
   * without a proof of its own: all that is said there and authenticated in the store.
   */
  boolean vouchesFor(SessionState state) {
    PreviousSecret previous = state.previousSecret();
    synchronized (lock) {
      return epoch == state.epoch()
          && storedInterval.equals(state.maxInactiveInterval())
          && Objects.equals(absoluteDeadline, state.absoluteDeadline())
          && MessageDigest.isEqual(storedSecretHash, state.secretHash())
          && (previous == null
              || !previous.opens()
              || MessageDigest.isEqual(graceHash, previous.hash()));
    }
  }

  private void authenticated(StoredSession from) {
    PreviousSecret previous = from.state().previousSecret();
    byte[] read = from.seal();
    if (!Arrays.equals(storedSecretHash, from.state().secretHash())) {
      // Another node was first.
      renewal = null;
    }
    storedSecretHash = from.state().secretHash();
    secretTime = from.secretTime();
    if (!rotating) {
      secretHash = storedSecretHash;
    }
    graceHash = previous != null && previous.opens() ? previous.hash() : null;
    storedInterval = from.state().maxInactiveInterval();
    seal = read == null ? NOTHING : read;
  }

  /**
   * Adopts what another node wrote, unless that was in another epoch. Caller holds {@link #saving}.
   */
  boolean refresh(StoredSession from) {
    List<Taken> replaced;
    synchronized (lock) {
      if (from.state().epoch() != epoch) {
        return false;
      }
      stamp = from.state().stamp();
      stale = false;
      authenticated(from);
      if (!maxInactiveIntervalChanged) {
        maxInactiveInterval = from.state().maxInactiveInterval();
      }
      if (!loginChanged) {
        login = Login.fromBytes(from.principal());
        storedUser = nameOf(login);
      }
      replaced = attributes.refresh(from.attributes());
    }
    // The node that set the new values has told of them; of the old ones it knew nothing.
    replaced.forEach(attribute -> unbind(attribute.name(), attribute.value()));
    return true;
  }

  /**
   * Collects all that is pending; encodes values, so it may run code of the application. Caller
   * holds {@link #saving}.
   *
   * @param access whether a request that counts as an access saves
   */
  Save prepareSave(SecureRandom random, boolean access) {
    Pending pending = attributes.collect();
    synchronized (lock) {
      boolean renews = stored && !rotating && renewal != null;
      return new Save(
          !stored,
          pending,
          stamp,
          stored ? stamp.next(random) : stamp,
          epoch,
          renews ? token.rotated(random) : token,
          renews || (rotating && stored) ? storedSecretHash : null,
          renews ? renewal : null,
          creationTime,
          access ? accessedTime : null,
          maxInactiveInterval,
          maxInactiveIntervalChanged,
          absoluteDeadline,
          login,
          loginChanged,
          storedSecretHash,
          graceHash,
          seal);
    }
  }

  /** The store has taken {@code save}. */
  void saved(Save save, SaveOutcome outcome) {
    synchronized (lock) {
      // Another node wrote in between, or won over a change of ours: the copy is not whole.
      boolean overtaken = !save.create() && !stamp.equals(outcome.previous());
      stale |= overtaken || !outcome.lost().isEmpty();
      stamp = save.stamp();
      stored = true;
      storedInterval = save.interval();
      byte[] written = outcome.seal();
      seal = written == null ? seal : written;
      savedSecret(save, outcome);
      maxInactiveIntervalChanged = !maxInactiveInterval.equals(save.interval());
      loginChanged = !Objects.equals(login, save.login());
      storedUser = nameOf(save.login());
      attributes.saved(save.pending(), save.stamp(), outcome.lost());
    }
  }

  /** The id before a renewal that was saved, to be told of once; else null. */
  @Nullable String takeRenewedId() {
    synchronized (lock) {
      String before = renewedId;
      renewedId = null;
      return before;
    }
  }

  private void savedSecret(Save save, SaveOutcome outcome) {
    if (save.renews()) {
      renewal = null;
      if (!outcome.renewed()) {
        return;
      }
      graceHash = storedSecretHash;
    } else if (save.rotates()) {
      epoch = save.epoch() + 1;
      graceHash = null;
    }
    if (save.create() || save.rotates()) {
      storedSecretHash = save.token().secretHash();
      secretTime = save.create() ? creationTime : outcome.now();
    }
    if (save.renews() && !rotating) {
      renewedId = id();
      token = save.token();
      secretHash = storedSecretHash;
    }
    rotating = !Arrays.equals(secretHash, storedSecretHash);
  }

  /** Whether an attribute may differ from what is stored because it could not be encoded. */
  boolean hasRaced() {
    return attributes.hasRaced();
  }

  void becomeIdle() {
    attributes.becomeIdle();
  }

  int weight() {
    return OVERHEAD_BYTES + attributes.weight();
  }
}
