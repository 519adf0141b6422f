package com.example.legacy;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import java.nio.charset.StandardCharsets;

/** Baskets in Redis by the application's own Kryo 4 and Lettuce 5. */
final class Archive {

  private final RedisClient client;
  private final StatefulRedisConnection<byte[], byte[]> connection;

  Archive(String uri) {
    client = RedisClient.create(uri);
    connection = client.connect(ByteArrayCodec.INSTANCE);
  }

  void put(String name, Basket basket) {
    Output out = new Output(256, -1);
    new Kryo().writeObject(out, basket);
    connection.sync().set(key(name), out.toBytes());
  }

  Basket get(String name) {
    // By Reactor, so that this library is used as well.
    byte[] stored = connection.reactive().get(key(name)).block();
    return new Kryo().readObject(new Input(stored), Basket.class);
  }

  private static byte[] key(String name) {
    return ("archive:" + name).getBytes(StandardCharsets.UTF_8);
  }

  void close() {
    connection.close();
    client.shutdown();
  }
}
