package dev.holdfast.demo;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A Redis with the users of {@code docker/users.acl}, over which demos run when all tests are run
 * as these: system property {@code holdfast.test.acl}. It must have refused them nothing.
 */
final class RedisWithUsers implements AutoCloseable {
  private static final Path USERS = Path.of("../../docker/users.acl");
  private static final String USER = "holdfast";

  private final RedisServer server;
  private final RedisClient client;
  private final StatefulRedisConnection<String, String> connection;

  private RedisWithUsers(RedisServer server) throws IOException {
    this.server = server;
    client = RedisClient.create(server.uri());
    connection = client.connect();
    for (String line : Files.readAllLines(USERS)) {
      if (line.startsWith("user " + USER)) {
        CommandArgs<String, String> user = new CommandArgs<>(StringCodec.UTF8).add("SETUSER");
        List.of(line.split(" ")).subList(1, line.split(" ").length).forEach(user::add);
        connection.sync().dispatch(CommandType.ACL, new StatusOutput<>(StringCodec.UTF8), user);
      }
    }
  }

  static boolean isWanted() {
    return Boolean.getBoolean("holdfast.test.acl");
  }

  static RedisWithUsers start() throws IOException, InterruptedException {
    return new RedisWithUsers(RedisServer.start(Files.createTempDirectory("holdfast-acl-")));
  }

  /** As the user of few rights. */
  String uri() {
    return server.uri().replace("//", "//" + USER + ":change-this-password@");
  }

  /** Stops it. Fails if it has refused the users anything. */
  @Override
  public void close() {
    List<Map<String, Object>> refusals;
    try {
      refusals = connection.sync().aclLog();
    } finally {
      client.shutdown();
      server.close();
    }
    if (!refusals.isEmpty()) {
      throw new AssertionError("The users of docker/users.acl were refused: " + refusals);
    }
  }
}
