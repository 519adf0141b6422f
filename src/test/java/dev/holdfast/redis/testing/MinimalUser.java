package dev.holdfast.redis.testing;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The users of {@code docker/users.acl}, and whether all tests log in as them: system property
 * {@code holdfast.test.acl}. Then a server that a test has closed must have refused them nothing.
 */
public final class MinimalUser {
  private static final Path FILE = Path.of("docker", "users.acl");

  private MinimalUser() {}

  /** Whether tests that say nothing of users are run as the minimal user. */
  static boolean isDefault() {
    return Boolean.getBoolean("holdfast.test.acl");
  }

  /** {@code user:password} of a user in the file. */
  public static String login(String user) {
    return user + ":change-this-password";
  }

  /** A copy of the file in which the default user is left as it is, for the test itself. */
  static Path copyIn(Path directory) throws IOException {
    List<String> lines = new ArrayList<>(Files.readAllLines(FILE));
    lines.replaceAll(
        line -> line.equals("user default off") ? "user default on nopass ~* &* +@all" : line);
    return Files.write(directory.resolve("users.acl"), lines);
  }

  /** Lines of {@code ACL LOG} about the users of the file, but for wrong passwords. */
  public static List<String> refusals(RunningRedis server) {
    List<String> refusals = new ArrayList<>();
    for (Object entry : (List<?>) requireNonNull(server.command("ACL", "LOG", 1_000))) {
      List<String> words = new ArrayList<>();
      for (Object word : (List<?>) entry) {
        words.add(RunningRedis.text(word));
      }
      String user = words.get(words.indexOf("username") + 1);
      if (user.startsWith("holdfast") && !words.contains("auth")) {
        refusals.add(String.join(" ", words));
      }
    }
    return refusals;
  }

  /** Answers of a server to one who has stolen the login of {@code user}. */
  public static Object steal(RunningRedis server, String user, Object... words) {
    try (RespSocket socket = new RespSocket(server.host(), server.port(), 5_000)) {
      String login = login(user);
      socket.command("AUTH", user, login.substring(login.indexOf(':') + 1));
      return requireNonNull(socket.command(words));
    } catch (RespSocket.ErrorReply e) {
      return String.valueOf(e.getMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
