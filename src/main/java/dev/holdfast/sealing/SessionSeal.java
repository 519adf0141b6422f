package dev.holdfast.sealing;

import dev.holdfast.store.Metadata;
import dev.holdfast.store.NewSession;
import dev.holdfast.store.Rewrite;
import dev.holdfast.store.SessionChanges;
import dev.holdfast.store.SessionChanges.ChangedInPlace;
import dev.holdfast.store.SessionState;
import dev.holdfast.store.SessionState.PreviousSecret;
import dev.holdfast.store.Stamp;
import dev.holdfast.store.StoredSession;
import dev.holdfast.store.StoredSession.StoredAttribute;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Seals and opens the records of one session, for one operation.
 *
 * <p>The seal of the metadata is the sealed principal: one byte of flags; if a replaced secret
 * still opens the session, the first {@value #GRACE_BYTES} bytes of its hash and until when (8
 * bytes, ms); and the login if somebody is logged in. Authenticated with it: creation, absolute
 * deadline, maxInactive, epoch, secret hash and the time of the secret. So every session has a
 * seal, logged in or not, and needs no further field for it.
 *
 * <p>The mark of every sealed field is the time of the secret under which it was written. A later
 * secret of a session has a later time. So older metadata beside an attribute that was written
 * under a later secret do not open: the cookie from before a login does not get at what was stored
 * after it, whatever somebody puts back. A rotation need not write the attributes anew: an
 * attribute of an earlier secret is as good as before. Authenticated with an attribute is the stamp
 * of its write, so that a node which has that stamp has that value.
 */
final class SessionSeal {
  private static final String METADATA = "m:u";
  private static final String ATTRIBUTE = "a:";
  private static final byte[] NOTHING = {};

  /** Opens what was written under any secret. */
  private static final Instant LATEST = Instant.ofEpochMilli(Long.MAX_VALUE);

  private static final int GRACE_BYTES = 16;

  /** Bytes of the hash and of the time until which it opens the session. */
  private static final int GRACE = GRACE_BYTES + Long.BYTES;

  private static final int HAS_PRINCIPAL = 1;
  private static final int HAS_GRACE = 2;

  private final Sealing sealing;
  private final Sealing.OfSession fields;
  private final Predicate<byte[]> isLogin;

  /**
   * @param isLogin whether bytes are a login that this version can read
   */
  SessionSeal(Sealing sealing, String locator, Predicate<byte[]> isLogin) {
    this.sealing = sealing;
    this.fields = sealing.of(locator);
    this.isLogin = isLogin;
  }

  NewSession seal(NewSession session) {
    byte[] seal =
        metadata(
            new Metadata(
                session.creationTime(),
                session.absoluteDeadline(),
                session.maxInactiveInterval(),
                session.principal(),
                session.secretHash(),
                session.creationTime(),
                null,
                0,
                NOTHING));
    return session.with(
        seal, sealed(session.attributes(), session.stamp(), session.creationTime()));
  }

  /**
   * The changes as they are to be stored. They write the principal's field, over the seal that the
   * writer knew, when the metadata change or the seal is not as this node seals now.
   *
   * @throws IllegalArgumentException when the metadata are needed and not given
   */
  SessionChanges seal(SessionChanges changes) {
    Metadata after = changes.metadata();
    boolean isChanged =
        changes.principal() != null
            || changes.maxInactiveInterval() != null
            || changes.rotation() != null;
    if (after == null) {
      if (isChanged && sealing.isWriting()) {
        throw new IllegalArgumentException("Changed metadata cannot be sealed without the others");
      }
      return with(changes, changes.principal(), null);
    }
    if (!isChanged && !sealing.isOutdated(after.seal())) {
      return with(changes, null, null);
    }
    byte[] principal = after.principal();
    byte[] field = sealing.isWriting() ? metadata(after) : principal == null ? NOTHING : principal;
    return with(changes, field, after);
  }

  private SessionChanges with(
      SessionChanges changes, byte @Nullable [] principal, @Nullable Metadata metadata) {
    Metadata after = changes.metadata();
    Instant time = after == null ? Instant.EPOCH : after.secretTime();
    Map<String, ChangedInPlace> changedInPlace = new LinkedHashMap<>();
    changes
        .changedInPlace()
        .forEach(
            (name, change) ->
                changedInPlace.put(
                    name,
                    new ChangedInPlace(
                        change.read(), sealed(name, change.value(), changes.stamp(), time))));
    return new SessionChanges(
        changes.locator(),
        changes.epoch(),
        changes.base(),
        changes.stamp(),
        changes.lastAccessedTime(),
        changes.maxInactiveInterval(),
        principal,
        changes.rotation(),
        sealed(changes.written(), changes.stamp(), time),
        changedInPlace,
        changes.removed(),
        metadata,
        changes.lock());
  }

  private Map<String, byte[]> sealed(Map<String, byte[]> values, Stamp stamp, Instant secretTime) {
    Map<String, byte[]> sealed = new LinkedHashMap<>();
    values.forEach((name, value) -> sealed.put(name, sealed(name, value, stamp, secretTime)));
    return sealed;
  }

  private byte[] sealed(String name, byte[] value, Stamp stamp, Instant secretTime) {
    return sealing.isWriting()
        ? fields.seal(ATTRIBUTE + name, secretTime.toEpochMilli(), stamp.toBytes(), value)
        : value;
  }

  /** The field of the principal, sealed over all metadata. */
  private byte[] metadata(Metadata of) {
    byte[] principal = of.principal();
    PreviousSecret grace = of.grace();
    int flags = (principal == null ? 0 : HAS_PRINCIPAL) | (grace == null ? 0 : HAS_GRACE);
    ByteBuffer plain =
        ByteBuffer.allocate(
            1 + (grace == null ? 0 : GRACE) + (principal == null ? 0 : principal.length));
    plain.put((byte) flags);
    if (grace != null) {
      plain.put(grace.hash(), 0, GRACE_BYTES).putLong(grace.until().toEpochMilli());
    }
    if (principal != null) {
      plain.put(principal);
    }
    byte[] bound =
        bound(
            of.creationTime(),
            of.absoluteDeadline(),
            of.maxInactiveInterval(),
            of.epoch(),
            of.secretHash());
    return fields.seal(METADATA, of.secretTime().toEpochMilli(), bound, plain.array());
  }

  /**
   * The metadata that the seal authenticates, in fixed lengths, so that no two are the same bytes.
   */
  private static byte[] bound(
      Instant created, @Nullable Instant absolute, Duration idle, long epoch, byte[] secretHash) {
    return ByteBuffer.allocate(4 * Long.BYTES + secretHash.length)
        .putLong(created.toEpochMilli())
        .putLong(absolute == null ? Long.MIN_VALUE : absolute.toEpochMilli())
        .putLong(idle.toSeconds())
        .putLong(epoch)
        .put(secretHash)
        .array();
  }

  /**
   * The session in the clear.
   *
   * @throws BrokenSealException when a part of it was not written by a holder of the key
   * @throws UnknownKeyException when this node cannot tell
   */
  StoredSession open(StoredSession stored) throws BrokenSealException, UnknownKeyException {
    Map<String, StoredAttribute> attributes = new LinkedHashMap<>();
    StoredSession opened = openMetadata(stored, attributes);
    for (Map.Entry<String, StoredAttribute> entry : stored.attributes().entrySet()) {
      attributes.put(entry.getKey(), open(entry.getKey(), entry.getValue(), stored.secretTime()));
    }
    return opened;
  }

  /**
   * The session in the clear as far as this node has the keys: what is sealed with another one
   * comes as it is stored, in the place of the principal too.
   *
   * @param unopened is told which field that is, and why
   * @throws BrokenSealException as {@link #open(StoredSession)}
   */
  StoredSession openKnown(StoredSession stored, BiConsumer<String, UnknownKeyException> unopened)
      throws BrokenSealException {
    Map<String, StoredAttribute> attributes = new LinkedHashMap<>();
    for (Map.Entry<String, StoredAttribute> entry : stored.attributes().entrySet()) {
      StoredAttribute attribute = entry.getValue();
      try {
        attribute = open(entry.getKey(), attribute, stored.secretTime());
      } catch (UnknownKeyException e) {
        unopened.accept(ATTRIBUTE + entry.getKey(), e);
      }
      attributes.put(entry.getKey(), attribute);
    }
    try {
      return openMetadata(stored, attributes);
    } catch (UnknownKeyException e) {
      unopened.accept(METADATA, e);
      return new StoredSession(
          stored.state(),
          stored.creationTime(),
          stored.secretTime(),
          stored.principal(),
          attributes);
    }
  }

  /**
   * What has to be written to bring the session into the form in which this node writes.
   *
   * @throws BrokenSealException when it does not open, so that it must not be written again
   * @throws UnknownKeyException when this node cannot tell
   */
  Rewrite reseal(StoredSession stored) throws BrokenSealException, UnknownKeyException {
    StoredSession opened = open(stored);
    Map<String, ChangedInPlace> values = new LinkedHashMap<>();
    opened
        .attributes()
        .forEach(
            (name, attribute) -> {
              StoredAttribute before = stored.attributes().get(name);
              if (before != null && sealing.isOutdated(before.value())) {
                values.put(
                    name,
                    new ChangedInPlace(
                        attribute.written(),
                        sealed(name, attribute.value(), attribute.written(), opened.secretTime())));
              }
            });
    byte[] seal = stored.principal() == null ? NOTHING : stored.principal();
    byte[] field = null;
    if (sealing.isOutdated(seal)) {
      SessionState state = opened.state();
      PreviousSecret previous = state.previousSecret();
      byte[] principal = opened.principal();
      field =
          sealing.isWriting()
              ? metadata(
                  new Metadata(
                      opened.creationTime(),
                      state.absoluteDeadline(),
                      state.maxInactiveInterval(),
                      principal,
                      state.secretHash(),
                      opened.secretTime(),
                      previous != null && previous.opens() ? previous : null,
                      state.epoch(),
                      seal))
              : principal == null ? NOTHING : principal;
    }
    return new Rewrite(stored.state().stamp(), field, values);
  }

  /** The session in the clear, without what does not open. */
  StoredSession openWhatOpens(StoredSession stored) {
    Map<String, StoredAttribute> attributes = new LinkedHashMap<>();
    stored
        .attributes()
        .forEach(
            (name, attribute) -> {
              try {
                attributes.put(name, open(name, attribute, LATEST));
              } catch (BrokenSealException | UnknownKeyException e) {
                // The caller reports it.
              }
            });
    try {
      return openMetadata(stored, attributes);
    } catch (BrokenSealException | UnknownKeyException e) {
      return new StoredSession(
          stored.state(), stored.creationTime(), stored.secretTime(), null, attributes);
    }
  }

  private StoredAttribute open(String name, StoredAttribute stored, Instant secretTime)
      throws BrokenSealException, UnknownKeyException {
    byte[] plain = fields.open(ATTRIBUTE + name, stored.written().toBytes(), stored.value());
    if (Sealing.isSealed(stored.value())
        && Sealing.mark(stored.value()) > secretTime.toEpochMilli()) {
      throw new BrokenSealException(
          "an attribute was written under a later secret than the session's, whose metadata are"
              + " old");
    }
    return new StoredAttribute(plain, stored.written());
  }

  private StoredSession openMetadata(StoredSession stored, Map<String, StoredAttribute> attributes)
      throws BrokenSealException, UnknownKeyException {
    SessionState state = stored.state();
    byte[] field = stored.principal();
    byte[] bound =
        bound(
            stored.creationTime(),
            state.absoluteDeadline(),
            state.maxInactiveInterval(),
            state.epoch(),
            state.secretHash());
    byte[] seal = field == null ? NOTHING : field;
    byte[] plain = fields.open(METADATA, bound, seal);
    if (!Sealing.isSealed(seal)) {
      readable(field);
      return new StoredSession(
          state, stored.creationTime(), stored.secretTime(), field, attributes, seal);
    }
    if (Sealing.mark(seal) != stored.secretTime().toEpochMilli()) {
      throw new BrokenSealException("the time of its secret is not the one that was sealed");
    }
    ByteBuffer opened = ByteBuffer.wrap(plain);
    byte[] principal = null;
    PreviousSecret grace = null;
    try {
      int flags = opened.get();
      if ((flags & HAS_GRACE) != 0) {
        byte[] hash = new byte[GRACE_BYTES];
        opened.get(hash);
        grace = new PreviousSecret(hash, Instant.ofEpochMilli(opened.getLong()), true);
      }
      if ((flags & HAS_PRINCIPAL) != 0) {
        principal = new byte[opened.remaining()];
        opened.get(principal);
        readable(principal);
      }
    } catch (BufferUnderflowException e) {
      throw new BrokenSealException("what was sealed is not the form of this version");
    }
    return new StoredSession(
        trusting(state, grace),
        stored.creationTime(),
        stored.secretTime(),
        principal,
        attributes,
        seal);
  }

  /**
   * Checks that the login can be read, so that this is not found out in the middle of a request.
   */
  private void readable(byte @Nullable [] principal) throws BrokenSealException {
    if (principal != null && !isLogin.test(principal)) {
      throw new BrokenSealException("the login that is stored with it cannot be read");
    }
  }

  /**
   * Drops the replaced secret if it claims to open the session and no holder of a key has said that
   * it does, or for that long.
   */
  private static SessionState trusting(SessionState state, @Nullable PreviousSecret grace) {
    PreviousSecret previous = state.previousSecret();
    if (previous == null
        || !previous.opens()
        || (grace != null
            && grace.until().equals(previous.until())
            && MessageDigest.isEqual(grace.hash(), Arrays.copyOf(previous.hash(), GRACE_BYTES)))) {
      return state;
    }
    return new SessionState(
        state.secretHash(),
        null,
        state.epoch(),
        state.stamp(),
        state.lastAccessedTime(),
        state.maxInactiveInterval(),
        state.absoluteDeadline(),
        state.now(),
        state.expired());
  }
}
