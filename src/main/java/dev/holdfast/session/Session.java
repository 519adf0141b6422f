package dev.holdfast.session;

import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.security.SecurityEvents;
import dev.holdfast.security.SessionToken;
import dev.holdfast.session.Attributes.Taken;
import dev.holdfast.store.SessionState;
import dev.holdfast.store.Stamp;
import dev.holdfast.store.StoredSession;
import dev.holdfast.store.TimeBudget;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A live session, shared by all requests of it on this node.
 *
 * <p>It has two locks. {@code saving} lets one save of this session run at a time and is held while
 * the store is waited for; {@code lock} guards the fields, is held for moments only, never while
 * waiting and never while code of the application runs. (A third, in {@link Attributes}, lets one
 * value be decoded at a time.) Checking a session against the store takes neither, as long as the
 * store's stamp is the one this object holds. If it is not, {@code saving} is taken: either a save
 * of this node was under way and has brought the stamp, or another node wrote and the session is
 * read again, with no save of this node under way that the answer could be older than. Trusting the
 * stamp of a save whose answer is still to come would be wrong: only the answer tells whether
 * another node wrote before.
 *
 * <p>A session that was refused by the store, or whose epoch changed elsewhere, is dropped from the
 * registry; requests that still hold the object go on with it and are refused in turn when they
 * save.
 */
public final class Session {
  private static final int OVERHEAD_BYTES = 600;

  private static final Duration FOREVER = Duration.ofNanos(Long.MAX_VALUE);

  final ReentrantLock saving = new ReentrantLock();

  /** The last reload that failed, for those who waited for it; guarded by {@link #saving}. */
  @Nullable FailedReload failedReload;

  /**
   * @param at when it failed, as {@link System#nanoTime} gives it
   */
  record FailedReload(long at, SessionStoreUnavailableException cause) {}

  /** Requests that hold this object; guarded by {@link ResidentSessions}. */
  int users;

  final Attributes attributes;
  final StoredCopy copy;
  final StoreDeadline deadline;
  final LifeCycle lifeCycle;

  private volatile boolean dropped;
  private volatile boolean usedOutside;

  private final Object lock;
  private final Identity identity;
  private final LiveMetadata metadata;
  private final BoundAttributes bound;
  private final boolean kept;
  private boolean isNew;
  private boolean inherited;
  private long metadataUses;

  private volatile @Nullable Object facade;
  private volatile @Nullable HeldLock heldLock;

  private Session(
      SessionToken token,
      Stamp stamp,
      LiveMetadata metadata,
      boolean kept,
      ValueRules rules,
      SessionEvents events) {
    this.identity = new Identity(token, metadata.creationTime());
    this.metadata = metadata;
    this.deadline = new StoreDeadline(metadata.maxInactiveInterval());
    this.kept = kept;
    this.attributes =
        new Attributes(rules, token.locator(), value -> events.didActivate(this, value));
    this.lock = attributes.lock;
    this.bound = new BoundAttributes(this, attributes, events);
    AttributeSaves saves =
        new AttributeSaves(attributes, value -> events.willPassivate(this, value));
    this.copy = new StoredCopy(stamp, identity, metadata, deadline, attributes, saves);
    this.lifeCycle = new LifeCycle(this, events, bound, lock);
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
      ValueRules rules,
      SessionEvents events) {
    Session session =
        new Session(
            token,
            stamp,
            new LiveMetadata(now, now, maxInactiveInterval, absoluteDeadline),
            kept,
            rules,
            events);
    session.isNew = true;
    return session;
  }

  /**
   * A session that goes on where one of another store ends; not stored yet.
   *
   * @param now start of the request
   * @param absoluteDeadline when it ends whatever happens, or null
   */
  static Session inherit(
      SessionToken token,
      Stamp stamp,
      Inheritance from,
      Instant now,
      @Nullable Instant absoluteDeadline,
      ValueRules rules,
      SessionEvents events) {
    LiveMetadata metadata =
        new LiveMetadata(
            from.creationTime(),
            from.lastAccessedTime(),
            from.maxInactiveInterval(),
            absoluteDeadline);
    metadata.access(from.lastAccessedTime(), now);
    Session session = new Session(token, stamp, metadata, true, rules, events);
    session.inherited = true;
    if (from.login() != null) {
      metadata.login(from.login());
    }
    from.attributes().forEach(session.bound::inherit);
    return session;
  }

  /** A session read from the store by the client that holds {@code token}. */
  static Session load(
      SessionToken token, StoredSession from, ValueRules rules, SessionEvents events) {
    SessionState state = from.state();
    Session session =
        new Session(
            token,
            state.stamp(),
            new LiveMetadata(
                from.creationTime(),
                state.lastAccessedTime(),
                state.maxInactiveInterval(),
                state.absoluteDeadline()),
            true,
            rules,
            events);
    session.copy.load(from);
    return session;
  }

  /** The part of the id that never changes and names the session in the store. */
  public String locator() {
    return token().locator();
  }

  /**
   * The newest token of this session that is known on this node; a login's rotation not yet saved
   * included. It goes to the client that holds the session, in a cookie or a URL, and nowhere else.
   *
   * @see #knowsToken()
   */
  public SessionToken token() {
    synchronized (lock) {
      return identity.token();
    }
  }

  /**
   * Whether {@link #token()} is what opens the session. If not, another node has renewed it, and
   * nobody has come here with the new one yet.
   */
  public boolean knowsToken() {
    synchronized (lock) {
      return identity.knowsToken();
    }
  }

  /** Whether {@code candidate} opens the session now, or did before it was merely renewed. */
  public boolean opensWith(SessionToken candidate) {
    synchronized (lock) {
      return identity.opensWith(candidate);
    }
  }

  /**
   * Whether a renewal has replaced {@code candidate} with {@link #token()}, so that whoever holds
   * the one may have the other.
   */
  public boolean renewed(SessionToken candidate) {
    synchronized (lock) {
      return identity.renewed(candidate);
    }
  }

  /**
   * The public id, as {@code HttpSession.getId()} gives it. Also answers when the session has
   * ended.
   */
  public String id() {
    synchronized (lock) {
      return identity.id();
    }
  }

  /**
   * Whether the session has neither been invalidated nor been found gone. False already while
   * listeners are told that it ends, although it can be read until they have been.
   */
  public boolean isValid() {
    return lifeCycle.isValid();
  }

  /** Whether it was the calling thread that has ended the session, or is about to. */
  public boolean isEndedByThisThread() {
    return lifeCycle.isEndedByThisThread();
  }

  /** Whether it can no longer be read. */
  boolean hasEnded() {
    return lifeCycle.hasEnded();
  }

  /** Whether this object was made from a session of another store. */
  boolean isInherited() {
    return inherited;
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
      return metadata.creationTime();
    }
  }

  /**
   * When the request before this one started, by the store's clock; the creation time in the first.
   */
  public Instant lastAccessedTime() {
    synchronized (lock) {
      requireValid("getLastAccessedTime");
      return metadata.lastAccessedTime();
    }
  }

  /**
   * How long the session may stay unused; zero or negative: for ever. Also answers when the session
   * has ended.
   */
  public Duration maxInactiveInterval() {
    synchronized (lock) {
      return metadata.maxInactiveInterval();
    }
  }

  /**
   * Sets that interval. Takes effect with the next save, which this causes.
   *
   * @param interval whole seconds; zero or negative: never expires
   */
  public void maxInactiveInterval(Duration interval) {
    synchronized (lock) {
      requireOpened("setMaxInactiveInterval");
      if (metadata.maxInactiveInterval(interval)) {
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
   * Sets an attribute. Listeners are told even if the value is the same, the value itself is not;
   * it is written unless the store has it.
   *
   * @throws IllegalArgumentException when the value can never be stored and may not stay on this
   *     node, or is too large; the old one stays
   * @throws IllegalStateException when the session has ended
   */
  public void attribute(String name, Object value) {
    bound.set(name, value);
  }

  /**
   * Removes an attribute, if there is one. What its {@code valueUnbound} throws is passed on, as
   * Tomcat does.
   */
  public void removeAttribute(String name) {
    bound.remove(name);
  }

  /** Names of all attributes, a copy. */
  public List<String> attributeNames() {
    requireValid("getAttributeNames");
    return attributes.names();
  }

  /**
   * Who is logged in, or null.
   *
   * @throws SessionStoreUnavailableException when that is sealed with a key that this node lacks
   */
  public @Nullable Login login() {
    synchronized (lock) {
      requireOpened("login");
      return hasEnded() ? null : metadata.login();
    }
  }

  /**
   * The user whose the session becomes with the next save; null if the login has not changed, or
   * ends.
   */
  @Nullable String userToCome() {
    synchronized (lock) {
      return hasEnded() ? null : metadata.userToCome();
    }
  }

  /** The user of the session in the store, or null. Also answers when the session has ended. */
  @Nullable String storedUser() {
    synchronized (lock) {
      return metadata.storedUser();
    }
  }

  /** The place in the index that a login has taken for this object, or null. */
  @Nullable Place place() {
    synchronized (lock) {
      return metadata.place();
    }
  }

  void place(@Nullable Place taken) {
    synchronized (lock) {
      metadata.place(taken);
    }
  }

  /** Records who is logged in, or with null that nobody is. */
  public void login(@Nullable Login next) {
    synchronized (lock) {
      metadata.login(next);
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
      if (!isValid()) {
        throw new IllegalStateException(
            "changeSessionId: session " + id() + " is being invalidated");
      }
      identity.rotate(random);
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
      if (copy.isStored() && isValid() && identity.renewIfDue(presented, now, interval, grace)) {
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

  /**
   * Checks that the session can be read.
   *
   * @param call the name of the call, for the exception
   * @throws IllegalStateException when it has ended
   * @throws SessionStoreUnavailableException when it is sealed with a key that this node lacks; it
   *     can still be ended
   */
  void requireValid(String call) {
    if (hasEnded()) {
      throw new IllegalStateException(call + ": session " + id() + " has been invalidated");
    }
    requireOpened(call);
  }

  private void requireOpened(String call) {
    synchronized (lock) {
      if (metadata.isUnopened() && isValid()) {
        throw new SessionStoreUnavailableException(
            call
                + ": session "
                + SecurityEvents.shortHash(locator())
                + " is sealed with a key, or in a format, that this node does not have; it can be"
                + " ended and nothing else. Give this node the key, after those it has; see"
                + " encryption.keys.",
            null);
      }
    }
  }

  /**
   * Lets a request that came with {@code arrived} use the session, unless a login on this node has
   * replaced that token or will with its save: the old id must not show what the login sets.
   *
   * @param seenEpoch the epoch in which {@code arrived} was found to open the session
   * @return whether it may use it
   */
  boolean join(SessionToken arrived, long seenEpoch) {
    synchronized (lock) {
      if (identity.isReplacedByLogin(arrived, seenEpoch)) {
        return false;
      }
      isNew = false;
      identity.arrived(arrived);
      return true;
    }
  }

  /**
   * Adopts what another node wrote, unless that was in another epoch. Caller holds {@link #saving}.
   *
   * @return whether it was adopted
   */
  boolean refresh(StoredSession from) {
    List<Taken> replaced = copy.refresh(from);
    if (replaced == null) {
      return false;
    }
    // The node that set the new values has told of them; of the old ones it knew nothing.
    replaced.forEach(attribute -> bound.unbind(attribute.name(), attribute.value()));
    return true;
  }

  /** Records an access at {@code now}; the store has recorded one at {@code recorded}. */
  void access(Instant recorded, Instant now) {
    synchronized (lock) {
      metadata.access(recorded, now);
    }
  }

  void creatingRequestEnded() {
    synchronized (lock) {
      isNew = false;
    }
  }

  /** Unbinds the local values, which are lost because nobody will use this object any more. */
  void loseLocal() {
    bound.takeLocal();
  }

  /**
   * Takes {@link #saving}. Other requests' saves come first; waiting for them is waiting for the
   * store.
   *
   * @param operation names what the caller wants to do
   * @throws SessionStoreUnavailableException when that takes longer than this request may wait
   */
  void lockSaving(String operation) {
    if (saving.tryLock()) {
      return;
    }
    long start = System.nanoTime();
    try {
      Duration within = TimeBudget.within(FOREVER);
      if (saving.tryLock(within.toNanos(), TimeUnit.NANOSECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      TimeBudget.spentSince(start);
    }
    throw new SessionStoreUnavailableException(
        operation
            + ": session "
            + id()
            + " is being saved or read by other requests, which took all the time that this one may"
            + " wait, or it was interrupted. Redis or the network to it is slow; see"
            + " redis.request-timeout.",
        null);
  }

  /** Whether it was used on a thread for which no request held it, so that others may hold it. */
  boolean isUsedOutside() {
    return usedOutside;
  }

  void usedOutside() {
    usedOutside = true;
  }

  /** Notes that a request has got the session's lock. */
  void lock(HeldLock taken) {
    heldLock = taken;
  }

  /** The lock under which whatever is saved of this object must be saved; null for none. */
  @Nullable HeldLock bindingLock() {
    HeldLock last = heldLock;
    return last != null && last.isBinding() ? last : null;
  }

  /** Notes that the object leaves the registry for good; no later request may use it. */
  void drop() {
    dropped = true;
    copy.doubt();
  }

  boolean isDropped() {
    return dropped;
  }

  /** Whether it is in the store, and the store will remove it if nobody asks for it. */
  boolean endsUnused() {
    return copy.isStored() && deadline.isSet();
  }

  /** The id before a renewal that was saved, for the first caller only; else null. */
  @Nullable String takeRenewedId() {
    synchronized (lock) {
      return identity.takeRenewedId();
    }
  }

  int weight() {
    return OVERHEAD_BYTES + attributes.weight();
  }
}
