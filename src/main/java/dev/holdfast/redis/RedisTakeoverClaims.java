package dev.holdfast.redis;

import static dev.holdfast.redis.client.Ascii.ascii;

import dev.holdfast.redis.client.Redis;
import dev.holdfast.redis.client.Turn;
import dev.holdfast.store.TakeoverClaims;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps each claim in a hash of its own: {@code l} is the lead, {@code s} says that it is settled.
 */
final class RedisTakeoverClaims implements TakeoverClaims {
  private static final byte[] NOTHING = {};

  private final Redis redis;
  private final String keyPrefix;

  /**
   * @param keyPrefix of the keys of all claims
   */
  RedisTakeoverClaims(Redis redis, String keyPrefix) {
    this.redis = redis;
    this.keyPrefix = keyPrefix;
  }

  @Override
  public @Nullable Claim find(String name) {
    return ask("find", name, NOTHING, NOTHING);
  }

  @Override
  public @Nullable Claim claim(String name, byte[] lead, Duration life) {
    return ask("claim", name, lead, Arguments.number(life.toMillis()));
  }

  @Override
  public void settle(String name, byte[] lead, Duration life) {
    @Nullable Claim unused = ask("settle", name, lead, Arguments.number(life.toMillis()));
  }

  @Override
  public void release(String name, byte[] lead) {
    @Nullable Claim unused = ask("release", name, lead, NOTHING);
  }

  /** Does it, and answers the claim that was there before. */
  private @Nullable Claim ask(String what, String name, byte[] lead, byte[] millis) {
    byte[] key = ascii(keyPrefix + name + "}");
    try (Turn turn = redis.turn("takeover", redis.timeout(), key)) {
      List<Object> reply = Script.TAKEOVER.run(turn, key, List.of(ascii(what), lead, millis));
      try {
        if (!Arrays.equals(key, (byte[]) reply.get(1))) {
          throw new IllegalArgumentException("the reply is about another key");
        }
        byte[] found = (byte[]) reply.get(3);
        return found.length == 0 ? null : new Claim(found, (Long) reply.get(2) == 1);
      } catch (ClassCastException | IndexOutOfBoundsException | IllegalArgumentException e) {
        throw turn.mixedUp(key, e);
      }
    }
  }
}
