package dev.holdfast.redis;

import static dev.holdfast.redis.client.Ascii.ascii;

import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.config.Settings;
import dev.holdfast.metrics.Measurements;
import dev.holdfast.metrics.Metrics;
import dev.holdfast.metrics.Metrics.Counter;
import dev.holdfast.redis.client.Redis;
import dev.holdfast.redis.client.RedisClock;
import dev.holdfast.security.SecurityEvents;
import dev.holdfast.store.EndedSessions;
import dev.holdfast.store.ExpiryIndex;
import dev.holdfast.store.ForeignSessions;
import dev.holdfast.store.NewSession;
import dev.holdfast.store.NodeRegister;
import dev.holdfast.store.RestorableStore;
import dev.holdfast.store.Rewrite;
import dev.holdfast.store.SaveOutcome;
import dev.holdfast.store.ServerHealth;
import dev.holdfast.store.SessionChanges;
import dev.holdfast.store.SessionChanges.ChangedInPlace;
import dev.holdfast.store.SessionLocks;
import dev.holdfast.store.SessionMark;
import dev.holdfast.store.SessionSnapshot;
import dev.holdfast.store.SessionState;
import dev.holdfast.store.StoredSession;
import dev.holdfast.store.StoredSession.StoredAttribute;
import dev.holdfast.store.TakeoverClaims;
import dev.holdfast.store.UserIndex;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Keeps every session in one Redis hash. Layout, scripts and the choices behind them are in the
 * package's documentation.
 *
 * <p>Connects at the first call, not at construction. The stages that {@link #touch} returns
 * complete on an I/O thread: whoever attaches to them must not block.
 */
public final class RedisSessionStore implements RestorableStore {
  /** For destroy.lua: nothing keeps the session from being put back. */
  private static final byte[] NO_REFUSAL = {};

  /** In place of the secret's hash, for touch.lua. */
  private static final byte[] NO_ACCESS = {};

  private final String keyPrefix;
  private final Redis redis;
  private final Touches touches;
  private final SessionReads reads;
  private final SessionWrites writes;
  private final RedisSessionLocks locks;
  private final Snapshots snapshots;
  private final RedisUserIndex users;
  private final @Nullable TrackedSessions tracked;
  private final ExpiryFilings filings;
  private final RedisExpiryIndex index;
  private final String prefix;
  private final String app;
  private final Metrics metrics;

  /**
   * The channel on which nodes hear of sessions that others have ended. There {@link #self} is the
   * name of this node.
   */
  private final String channel;

  private final String self = UUID.randomUUID().toString();

  /** A store for one application whose classes are beside this one. */
  public RedisSessionStore(Settings application) {
    this(
        application,
        SecurityEvents.logging(),
        RedisSessionStore.class.getClassLoader(),
        new Measurements());
  }

  /**
   * A store for one application, which also names its threads.
   *
   * @param security is told of hashes that this library did not write
   * @param loader class loader of the application, which may hold the class that gives user and
   *     password
   * @param metrics is told of each wait for Redis, of the connections, and of the bytes of values
   * @throws IllegalArgumentException when that class cannot be used
   */
  public RedisSessionStore(
      Settings application, SecurityEvents security, ClassLoader loader, Metrics metrics) {
    this.keyPrefix = application.prefix() + ":" + application.app() + ":{";
    this.tracked =
        application.cache().isTracking()
            ? new TrackedSessions(keyPrefix, application.cache().longestLag())
            : null;
    this.redis = new Redis(application, loader, Script::load, tracked, metrics);
    this.users =
        new RedisUserIndex(redis, application.prefix() + ":" + application.app() + ":user:{");
    this.snapshots =
        new Snapshots(
            redis, this::key, ascii(application.prefix() + ":" + application.app() + ":backup"));
    this.prefix = application.prefix();
    this.app = application.app();
    this.metrics = metrics;
    this.channel = application.prefix() + ":" + app + ":ended";
    ExpiryShards shards = new ExpiryShards(application.prefix(), application.app());
    this.filings =
        new ExpiryFilings(
            redis, shards, application.expiry().isOn(), application.touch().interval());
    byte[] slack = Arguments.number(application.touch().interval().toMillis());
    Suspicions suspicions = new Suspicions(redis, security);
    LargeSessions large = new LargeSessions();
    this.touches = new Touches(redis, this::key, slack);
    this.reads =
        new SessionReads(redis, this::key, touches, large, suspicions, filings::file, tracked);
    this.writes =
        new SessionWrites(redis, this::key, slack, large, suspicions, filings, channel, self);
    this.locks = new RedisSessionLocks(redis, this::key, suspicions);
    this.index =
        new RedisExpiryIndex(
            redis, shards, filings, this::key, locator -> reads.check(locator, null));
  }

  @Override
  public void ensureAvailable() {
    redis.ensureAvailable();
  }

  /**
   * Asks Redis whether it is there: any server of a Cluster. Waits for no longer than {@code
   * redis.timeout}, even while the first connection is being made.
   *
   * @throws SessionStoreUnavailableException when it does not answer
   */
  public void ping() {
    redis.ping();
  }

  /** How many servers of Redis this node is connected to. */
  public int connected() {
    return redis.topology().connected();
  }

  /** How many of those have not answered for a whole {@code redis.timeout}. */
  public int silent() {
    return redis.topology().silent();
  }

  @Override
  public @Nullable StoredSession load(String locator, byte @Nullable [] touchSecretHash) {
    return read(reads.load(locator, touchSecretHash));
  }

  @Override
  public @Nullable SessionState check(String locator, byte @Nullable [] touchSecretHash) {
    return reads.check(locator, touchSecretHash);
  }

  @Override
  public @Nullable SessionState known(String locator) {
    return tracked == null ? null : tracked.state(redis, locator);
  }

  /** Called after a change of this node's; Redis tells of it too, a moment later. */
  private void changed(String locator) {
    if (tracked != null) {
      tracked.forget(locator);
    }
  }

  @Override
  public CompletionStage<Optional<Duration>> touch(String locator, byte[] secretHash) {
    return touches.touch("touch", locator, secretHash);
  }

  @Override
  public CompletionStage<Optional<Duration>> prolong(String locator) {
    return touches.touch("prolong", locator, NO_ACCESS);
  }

  @Override
  public SaveOutcome create(NewSession session) {
    SaveOutcome outcome = writes.create(session);
    metrics.add(Counter.VALUE_BYTES_WRITTEN, bytes(session.attributes()));
    return outcome;
  }

  @Override
  public SaveOutcome save(SessionChanges changes) {
    SaveOutcome outcome;
    try {
      outcome = writes.save(changes);
    } finally {
      changed(changes.locator());
    }
    long bytes = bytes(changes.written());
    for (ChangedInPlace changed : changes.changedInPlace().values()) {
      bytes += changed.value().length;
    }
    metrics.add(Counter.VALUE_BYTES_WRITTEN, bytes);
    return outcome;
  }

  @Override
  public @Nullable StoredSession destroy(String locator) {
    return destroy(locator, NO_REFUSAL);
  }

  @Override
  public @Nullable StoredSession destroy(String locator, @Nullable Duration refuse) {
    return destroy(locator, Arguments.number(refuse == null ? -1 : refuse.toMillis()));
  }

  private @Nullable StoredSession destroy(String locator, byte[] refuse) {
    try {
      return read(writes.destroy(locator, refuse));
    } finally {
      changed(locator);
    }
  }

  private @Nullable StoredSession read(@Nullable StoredSession session) {
    if (session != null) {
      long bytes = 0;
      for (StoredAttribute attribute : session.attributes().values()) {
        bytes += attribute.value().length;
      }
      metrics.add(Counter.VALUE_BYTES_READ, bytes);
    }
    return session;
  }

  private static long bytes(Map<String, byte[]> values) {
    long bytes = 0;
    for (byte[] value : values.values()) {
      bytes += value.length;
    }
    return bytes;
  }

  @Override
  public boolean lapse(String locator) {
    return lapse(locator, null);
  }

  @Override
  public boolean lapse(String locator, @Nullable Duration refuse) {
    try {
      return writes.lapse(locator, refuse);
    } finally {
      changed(locator);
    }
  }

  @Override
  public int rewrite(String locator, Rewrite rewrite) {
    return writes.rewrite(locator, rewrite);
  }

  @Override
  public void distrustConnection(String locator) {
    redis.distrust(key(locator));
  }

  /** Hears of sessions that other nodes end; connects when somebody begins to listen. */
  public EndedSessions endedSessions() {
    return new EndedChannel(redis, app, channel, self, locks::handed);
  }

  /** Finds the sessions of this store whose time is over. */
  public ExpiryIndex expiryIndex() {
    return index;
  }

  /** Who takes over which session of another store. */
  public TakeoverClaims takeoverClaims() {
    return new RedisTakeoverClaims(redis, prefix + ":" + app + ":taken:{");
  }

  /**
   * The sessions that Spring Session keeps in the same Redis.
   *
   * @param namespace what its keys begin with
   */
  public ForeignSessions springSessions(String namespace) {
    return new SpringSessionKeys(redis, namespace);
  }

  /** The nodes of the application. */
  public NodeRegister nodes() {
    return nodes(NodeRegister.MEMORY);
  }

  /**
   * @param memory how long a node is remembered that notes nothing any more
   */
  NodeRegister nodes(Duration memory) {
    return new RedisNodeRegister(users, memory);
  }

  /** How the servers are. Waits for {@code redis.timeout} at most. */
  public List<ServerHealth> health() {
    return redis.health();
  }

  @Override
  public List<SessionSnapshot> snapshots(Collection<String> locators) {
    return snapshots.snapshots(locators);
  }

  @Override
  public List<SessionMark> marks(Collection<String> locators) {
    return snapshots.marks(locators);
  }

  @Override
  public List<Restored> restore(List<SessionSnapshot> sessions, Instant notAfter) {
    List<Restored> outcomes = snapshots.restore(sessions, notAfter);
    List<String> back = new ArrayList<>();
    for (int i = 0; i < outcomes.size(); i++) {
      if (outcomes.get(i) == Restored.BACK) {
        back.add(sessions.get(i).locator());
      }
    }
    filings.restored(back);
    return outcomes;
  }

  @Override
  public WarmUp claimWarmUp(String node, Duration lease) {
    return snapshots.warmUp(node, lease, false);
  }

  @Override
  public void finishWarmUp() {
    snapshots.warmUp("", Duration.ZERO, true);
  }

  @Override
  public Map<String, StoredSession> describe(Collection<String> locators, Unreadable unreadable) {
    return reads.describe(locators, unreadable);
  }

  @Override
  public UserIndex users() {
    return users;
  }

  @Override
  public SessionLocks locks() {
    return locks;
  }

  @Override
  public Instant now() {
    return redis.now();
  }

  @Override
  public void close() {
    redis.close();
    loadRefusal();
  }

  /**
   * Loads the classes of a refusal: a request that outlives its application is refused when the
   * class loader loads no more.
   */
  private void loadRefusal() {
    try {
      SessionState unused = check("closed", null);
    } catch (SessionStoreUnavailableException e) {
      // The classes of a refusal are loaded now.
    }
  }

  /** For tests with a clock that is wrong. */
  @Nullable RedisClock clock() {
    return redis.topology().clock();
  }

  private byte[] key(String locator) {
    return ascii(keyPrefix + locator + "}");
  }
}
