package dev.holdfast.redis;

import static dev.holdfast.redis.client.Ascii.ascii;

import dev.holdfast.redis.client.Call;
import dev.holdfast.redis.client.Keyed;
import dev.holdfast.redis.client.Redis;
import dev.holdfast.redis.client.Turn;
import dev.holdfast.store.ForeignSessions;
import io.lettuce.core.protocol.CommandType;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The keys of Spring Session 3 and 4: one hash per session at {@code <namespace>:sessions:<id>}.
 * Its indexed repository also has {@code <namespace>:sessions:expires:<id>}, which goes with it;
 * entries of its other indexes end by themselves.
 */
final class SpringSessionKeys implements ForeignSessions {
  private final Redis redis;
  private final String prefix;

  SpringSessionKeys(Redis redis, String namespace) {
    this.redis = redis;
    this.prefix = namespace + ":sessions:";
  }

  @Override
  public @Nullable Map<String, byte[]> read(String id) {
    byte[] key = ascii(prefix + id);
    try (Turn turn = redis.turn("takeover", redis.timeout(), key)) {
      Call<Map<byte[], byte[]>> hash = Commands.hgetall(key, turn.left());
      // The hash itself does not tell whose it is; a reply that belongs to another call does.
      Call<List<Object>> echo = Commands.echo(key, key, turn.left());
      turn.send(key, hash, echo);
      Map<byte[], byte[]> found = turn.await(hash);
      Object echoed = turn.answer(echo).get(0);
      if (!(echoed instanceof byte[] mark && Arrays.equals(key, mark))) {
        throw turn.mixedUp(key, new IllegalArgumentException("the reply is about another key"));
      }
      Map<String, byte[]> fields = new HashMap<>();
      found.forEach((name, value) -> fields.put(new String(name, StandardCharsets.UTF_8), value));
      return fields.isEmpty() ? null : fields;
    } catch (Turn.RedisCommandException e) {
      // Another type than a hash: not a session.
      return null;
    }
  }

  @Override
  public void remove(String id) {
    byte[] key = ascii(prefix + id);
    byte[] expires = ascii(prefix + "expires:" + id);
    try (Turn turn = redis.turn("takeover", redis.patience(), key)) {
      Call<Long> session = Call.number(CommandType.DEL, Call.args().addKey(key), turn.left());
      Call<Long> index = Call.number(CommandType.DEL, Call.args().addKey(expires), turn.left());
      turn.send(List.of(new Keyed<>(key, session), new Keyed<>(expires, index)));
      long unused = turn.answer(session) + turn.answer(index);
    }
  }
}
