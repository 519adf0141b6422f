package dev.holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.config.Conflict;
import dev.holdfast.metrics.Metrics.Counter;
import dev.holdfast.redis.testing.RunningRedis;
import dev.holdfast.security.SessionToken;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two versions of an application, each with a class loader and a node of its own, take turns on one
 * session: the right value or none, never a wrong one, never an exception.
 */
class RollingDeployTest {
  private static final Map<String, String> OLD =
      Map.of(
          "Cart",
          "public class Cart { String owner = \"Ada\"; int count = 3; String renamed = \"old\";"
              + " public String toString() { return owner + count + renamed; } }",
          "Order",
          "public class Order { String number = \"7\"; }",
          "Colour",
          "public enum Colour { RED, GREEN, BLUE }",
          "Moved",
          "public class Moved { }",
          "Ledger",
          "public class Ledger implements java.io.Serializable { int sum = 5; }");
  private static final Map<String, String> NEW =
      Map.of(
          "Cart",
          "public class Cart { String owner = \"?\"; long count; String renewed = \"new\"; String added;"
              + " public String toString() { return owner + count + renewed + added; } }",
          "Order",
          "public class Order { int number; }",
          "Colour",
          "public enum Colour { BLUE, RED }",
          "elsewhere/Moved",
          "public class Moved { }",
          "Ledger",
          "public record Ledger(int sum) implements java.io.Serializable { }");

  @TempDir Path directory;
  private final List<AutoCloseable> opened = new ArrayList<>();
  private final Queue<Counter> counted = new ConcurrentLinkedQueue<>();
  private final Queue<String> logged = new ConcurrentLinkedQueue<>();
  private final Logger log = Logger.getLogger(ValueRules.class.getName());
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord record) {
          logged.add(new java.util.logging.SimpleFormatter().formatMessage(record));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  private record Version(ClassLoader loader, SessionManager node) {
    Object make(String name) throws ReflectiveOperationException {
      return loader.loadClass("shop." + name).getDeclaredConstructor().newInstance();
    }
  }

  @BeforeEach
  void listen() {
    log.addHandler(handler);
  }

  @AfterEach
  void close() throws Exception {
    log.removeHandler(handler);
    for (AutoCloseable each : opened) {
      each.close();
    }
  }

  private Version deploy(Map<String, String> sources) throws IOException {
    Path root = Files.createTempDirectory(directory, "version");
    List<String> arguments = new ArrayList<>(List.of("-proc:none", "-d", root.toString()));
    for (Map.Entry<String, String> source : sources.entrySet()) {
      Path file = root.resolve(source.getKey() + ".java");
      Files.createDirectories(file.getParent());
      boolean moved = source.getKey().startsWith("elsewhere/");
      Files.writeString(
          file, "package " + (moved ? "elsewhere" : "shop") + "; " + source.getValue());
      arguments.add(file.toString());
    }
    assertThat(
            ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, arguments.toArray(new String[0])))
        .isZero();
    URL place = root.toUri().toURL();
    URLClassLoader loader =
        new URLClassLoader(new URL[] {place}, RollingDeployTest.class.getClassLoader());
    SessionManager node =
        TestNodes.manager(
            TestNodes.settings(RunningRedis.shared().uri(), Conflict.DROP),
            counted::add,
            SessionEvents.NONE,
            loader,
            url -> url.toString().startsWith(place.toString()));
    opened.add(node);
    opened.add(loader);
    return new Version(loader, node);
  }

  @Test
  void twoVersionsTakeTurnsOnOneSession() throws Exception {
    Version before = deploy(OLD);
    Version after = deploy(NEW);
    Session session = before.node().create(Duration.ofMinutes(30));
    for (String name : List.of("Cart", "Order", "Moved", "Ledger")) {
      session.attribute(name, before.make(name));
    }
    for (Object colour : before.loader().loadClass("shop.Colour").getEnumConstants()) {
      session.attribute(colour.toString(), colour);
    }
    session.attribute("plain", "text");
    before.node().commit(session);
    before.node().release(session);
    SessionToken token = session.token();

    for (int turn = 0; turn < 5; turn++) {
      Session newer = after.node().join(token).session();
      assertThat(newer.attributeNames())
          .contains("Cart", "RED", "BLUE", "plain")
          .doesNotContain("GREEN", "Order", "Moved", "Ledger");
      assertThat(newer.attribute("Cart")).hasToString("Ada3newnull");
      assertThat(newer.attribute("RED")).hasToString("RED");
      assertThat(newer.attribute("BLUE")).hasToString("BLUE");
      assertThat(newer.attribute("GREEN")).isNull();
      assertThat(newer.attribute("Order")).isNull();
      assertThat(newer.attribute("Moved")).isNull();
      assertThat(newer.attribute("Ledger")).isNull();
      newer.attribute("turn", turn);
      after.node().commit(newer);
      after.node().release(newer);

      Session older = before.node().join(token).session();
      assertThat(older.attribute("turn")).isEqualTo(turn);
      assertThat(older.attribute("Cart")).hasToString("Ada3old");
      for (String name : List.of("Order", "Moved", "Ledger", "GREEN")) {
        assertThat(older.attribute(name)).as(name).isNotNull();
      }
      before.node().commit(older);
      before.node().release(older);
    }
    assertThat(logged)
        .as("one line per attribute, not per request")
        .hasSize(4)
        .allMatch(line -> line.contains("reads as absent; its stored bytes stay"));
    assertThat(counted).contains(Counter.UNDECODABLE);

    // What cannot be read can be replaced and removed.
    Session newer = after.node().join(token).session();
    newer.attribute("Order", after.make("Order"));
    newer.removeAttribute("Moved");
    newer.removeAttribute("GREEN");
    after.node().commit(newer);
    after.node().release(newer);
    Session older = before.node().join(token).session();
    assertThat(older.attribute("Order")).isNull();
    assertThat(older.attribute("Moved")).isNull();
    assertThat(older.attribute("Ledger")).isNotNull();
    assertThat(older.attributeNames()).doesNotContain("Order", "Moved", "GREEN");
    before.node().release(older);
  }
}
