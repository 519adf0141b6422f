package dev.holdfast.redis;

import static dev.holdfast.redis.client.Ascii.ascii;

import dev.holdfast.store.Metadata;
import dev.holdfast.store.NewSession;
import dev.holdfast.store.Rewrite;
import dev.holdfast.store.SessionChanges;
import dev.holdfast.store.SessionChanges.LockCheck;
import dev.holdfast.store.SessionChanges.Rotation;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The arguments of the scripts create.lua, save.lua and rewrite.lua, in their order. {@link
 * Script#callNotAfter} puts the not-after deadline of the first two in front.
 */
final class Arguments {
  private static final byte[] NOTHING = {};

  private final List<byte[]> list = new ArrayList<>();

  private Arguments() {}

  /** The arguments of create.lua. */
  static List<byte[]> create(NewSession session, byte[] slack, BoundStamp stamps) {
    Arguments arguments = new Arguments();
    Instant absolute = session.absoluteDeadline();
    byte[] principal = session.principal();
    Duration firstLife = session.firstLife();
    arguments
        .add(slack)
        .add(session.secretHash())
        .add(stamps.encode(session.stamp()))
        .add(number(session.creationTime().toEpochMilli()))
        .add(number(session.maxInactiveInterval().toSeconds()))
        .add(absolute == null ? NOTHING : number(absolute.toEpochMilli()))
        .add(principal == null ? NOTHING : marked(principal))
        .add(firstLife == null ? NOTHING : number(firstLife.toMillis()))
        .add(number(session.accessedTime().toEpochMilli()));
    session.attributes().forEach((name, value) -> arguments.name(name).add(value));
    return arguments.list;
  }

  /** The arguments of save.lua. Values changed in place come in the order of their map. */
  static List<byte[]> save(SessionChanges changes, byte[] slack, BoundStamp stamps) {
    Arguments arguments = new Arguments();
    Duration idle = changes.maxInactiveInterval();
    Instant accessed = changes.lastAccessedTime();
    Rotation rotation = changes.rotation();
    arguments
        .add(slack)
        .add(epoch(changes))
        .add(stamps.encode(changes.stamp()))
        .add(accessed == null ? NOTHING : number(accessed.toEpochMilli()))
        .add(idle == null ? NOTHING : number(idle.toSeconds()))
        .add(principal(changes))
        .add(rotation == null ? NOTHING : rotation(rotation))
        .add(number(changes.written().size()))
        .add(number(changes.changedInPlace().size()));
    changes.written().forEach((name, value) -> arguments.name(name).add(value));
    changes
        .changedInPlace()
        .forEach(
            (name, change) ->
                arguments.name(name).add(stamps.encode(change.read())).add(change.value()));
    changes.removed().forEach(arguments::name);
    return arguments.list;
  }

  /** The arguments of rewrite.lua. */
  static List<byte[]> rewrite(Rewrite rewrite, BoundStamp stamps) {
    Arguments arguments = new Arguments();
    byte[] principal = rewrite.principal();
    arguments.add(stamps.encode(rewrite.base()));
    arguments.add(
        principal == null ? NOTHING : principal.length == 0 ? ascii("-") : marked(principal));
    rewrite
        .values()
        .forEach(
            (name, value) ->
                arguments.name(name).add(stamps.encode(value.read())).add(value.value()));
    return arguments.list;
  }

  private static byte[] rotation(Rotation rotation) {
    Instant time = rotation.time();
    byte[] times =
        ascii(
            (rotation.renewal() ? "-" : "")
                + rotation.remember().toMillis()
                + " "
                + (time == null ? "" : time.toEpochMilli()));
    byte[] expected = rotation.expected();
    byte[] next = rotation.secretHash();
    return ByteBuffer.allocate(expected.length + next.length + times.length)
        .put(expected)
        .put(next)
        .put(times)
        .array();
  }

  /** Decimal, as Redis and Lua read it. */
  static byte[] number(long value) {
    return ascii(Long.toString(value));
  }

  private Arguments add(byte[] argument) {
    list.add(argument);
    return this;
  }

  private Arguments name(String name) {
    return add(FieldName.encode(name));
  }

  private static byte[] epoch(SessionChanges changes) {
    LockCheck lock = changes.lock();
    return lock == null
        ? number(changes.epoch())
        : ascii(changes.epoch() + (lock.ends() ? " -" : " +") + lock.token());
  }

  private static byte[] principal(SessionChanges changes) {
    byte[] principal = changes.principal();
    if (principal == null) {
      return NOTHING;
    }
    Metadata metadata = changes.metadata();
    if (metadata != null) {
      byte[] seal = metadata.seal();
      byte[] secretHash = metadata.secretHash();
      long idle = metadata.maxInactiveInterval().toSeconds();
      byte[] head = ascii("?" + seal.length + ":" + idle + ":");
      return ByteBuffer.allocate(head.length + secretHash.length + seal.length + principal.length)
          .put(head)
          .put(secretHash)
          .put(seal)
          .put(principal)
          .array();
    }
    return principal.length == 0 ? ascii("-") : marked(principal);
  }

  private static byte[] marked(byte[] principal) {
    byte[] marked = new byte[principal.length + 1];
    marked[0] = '=';
    System.arraycopy(principal, 0, marked, 1, principal.length);
    return marked;
  }
}
