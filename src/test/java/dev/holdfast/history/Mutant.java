package dev.holdfast.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.container.WarBuilder;
import jakarta.servlet.http.HttpServlet;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * A guard of the product, how to switch it off, and what must then be caught. The product has no
 * switches for it: one text in one source is replaced, and what comes of that file is put into
 * WEB-INF/classes, which a web application's class loader asks before WEB-INF/lib.
 */
enum Mutant {
  /** Nothing is switched off: the checker must be silent whatever the others are caught with. */
  NONE("", "", "", Set.of()) {
    @Override
    List<Workload> workloads() {
      return List.of(
          new SetDisjoint(1, 2), new SharedRegister(1, 6), new LoginStorm(2), new LogoutRace(2));
    }

    @Override
    List<Nemesis> nemeses() {
      return List.of(Nemesis.STALL, Nemesis.LOSE_REPLIES);
    }
  },
  /** A node believes its copy of a session without asking. */
  STAMP(
      "java/dev/holdfast/session/StoredCopy.java",
      "return !stale && stamp.equals(state.stamp());",
      "return !stale;",
      Set.of("I1", "I2", "I4", "I10")),
  /** A node goes on with its copy of a session that Redis has no more. */
  LOST_COPY(
      "java/dev/holdfast/session/Joining.java",
      "      Join refused = refuse(token, state, resident);\n",
      "      if (state == null) {\n"
          + "        joined = true;\n"
          + "        return new Join(resident, false);\n"
          + "      }\n"
          + "      Join refused = refuse(token, state, resident);\n",
      Set.of("I6")) {
    @Override
    List<Workload> workloads() {
      return List.of(new Flushed(4));
    }

    @Override
    List<Nemesis> nemeses() {
      return List.of(Nemesis.FLUSHALL);
    }
  },
  /** Old requests write after a login elsewhere. */
  EPOCH_FENCE(
      "resources/dev/holdfast/redis/save.lua", "s.epoch ~= entered", "false", Set.of("I8")) {
    @Override
    List<Workload> workloads() {
      return List.of(new LoginStorm(4));
    }
  },
  /** Requests of one session on two nodes run at the same time. */
  LOCK(
      "java/dev/holdfast/servlet/LockedRequests.java",
      "return on && ",
      "return !on && ",
      Set.of("L1")) {
    @Override
    List<Workload> workloads() {
      return List.of(new Additions(1, 4));
    }
  },
  /** A write is executed however late it arrives. */
  DEADLINE("resources/dev/holdfast/redis/save.lua", "now > ARGV[1] + 0", "false", Set.of("I2")) {
    @Override
    List<Workload> workloads() {
      return List.of(new SharedRegister(1, 8));
    }

    @Override
    List<Nemesis> nemeses() {
      return List.of(Nemesis.STALL);
    }
  },
  /** The response goes out first, the data afterwards. */
  FLUSH_BEFORE_COMMIT(
      "java/dev/holdfast/servlet/CommitGuard.java",
      "    beforeFirstByte.run();\n",
      "",
      Set.of("I2")) {
    @Override
    List<Workload> workloads() {
      return List.of(new SharedRegister(1, 4));
    }
  },
  /** Lettuce reconnects by itself and sends again what had no answer. */
  REJECT_COMMANDS(
      "java/dev/holdfast/redis/client/LettuceClient.java",
      "        .autoReconnect(false)\n"
          + "        .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)\n",
      "        .autoReconnect(true)\n",
      Set.of("I9")) {
    @Override
    List<Workload> workloads() {
      return List.of(new LogoutRace(4, 0));
    }

    @Override
    List<Nemesis> nemeses() {
      return List.of(Nemesis.LOSE_REPLIES);
    }
  },
  /** Nobody leaves a primary that Sentinel has replaced, until it is demoted. */
  SWITCH_MASTER(
      "java/dev/holdfast/redis/client/SentinelGroup.java",
      "primary, words[0]);\n      server().leaveAllBut(primary);\n",
      "primary, words[0]);\n",
      Set.of("I2")) {
    @Override
    List<Workload> workloads() {
      return List.of(new SharedRegister(2, 4));
    }

    @Override
    List<Nemesis> nemeses() {
      return List.of(Nemesis.FAILOVER);
    }

    @Override
    boolean overSentinels() {
      return true;
    }
  },
  /** What is sealed does not say of which session it is. */
  AAD(
      "java/dev/holdfast/sealing/Sealing.java",
      "      System.arraycopy(name, 0, info, context.length, name.length);\n",
      "",
      Set.of("I2")) {
    @Override
    List<Workload> workloads() {
      return List.of(new SharedRegister(2, 4));
    }

    @Override
    List<Nemesis> nemeses() {
      return List.of(Nemesis.TRANSPLANT);
    }
  };

  private static final Path MAIN = Path.of("src/main");

  private final String source;
  private final String guard;
  private final String replacement;
  private final Set<String> caughtBy;

  Mutant(String source, String guard, String replacement, Set<String> caughtBy) {
    this.source = source;
    this.guard = guard;
    this.replacement = replacement;
    this.caughtBy = caughtBy;
  }

  /** Some of these invariants must be seen broken. */
  Set<String> caughtBy() {
    return caughtBy;
  }

  List<Workload> workloads() {
    return List.of(new SetDisjoint(1, 2), new SharedRegister(1, 4));
  }

  List<Nemesis> nemeses() {
    return List.of();
  }

  /** Whether Redis is a primary and a replica that Sentinels watch. */
  boolean overSentinels() {
    return false;
  }

  /** Whether a race between requests is enough, without a fault. */
  final boolean isQuick() {
    return this != NONE && nemeses().isEmpty();
  }

  /** The source without the guard, which stands in it once. */
  String mutated() throws IOException {
    String text = Files.readString(MAIN.resolve(source));
    assertThat(text).as(source).containsOnlyOnce(guard);
    return text.replace(guard, replacement);
  }

  /** Puts what is left of the guard in front of the library. */
  void into(WarBuilder war, Path directory) {
    if (source.isEmpty()) {
      return;
    }
    try {
      String mutated = mutated();
      if (source.startsWith("resources/")) {
        war.resource("WEB-INF/classes/" + source.substring("resources/".length()), mutated);
      } else {
        compile(mutated, war, directory);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void compile(String mutated, WarBuilder war, Path directory) throws IOException {
    Path work = Files.createTempDirectory(directory, "mutant");
    Path file = work.resolve(Path.of(source).getFileName());
    Path classes = Files.createDirectory(work.resolve("classes"));
    Files.writeString(file, mutated);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      List<String> options =
          List.of(
              "-proc:none", "-implicit:none", "-nowarn", "-d", "" + classes, "-cp", classPath());
      assertThat(
              compiler
                  .getTask(null, files, null, options, null, files.getJavaFileObjects(file))
                  .call())
          .isTrue();
    }
    try (Stream<Path> made = Files.walk(classes)) {
      for (Path type : made.filter(Files::isRegularFile).toList()) {
        war.bytes("WEB-INF/classes/" + classes.relativize(type), Files.readAllBytes(type));
      }
    }
  }

  private static String classPath() throws IOException {
    List<String> entries = new ArrayList<>(List.of(System.getProperty("holdfast.jar", "")));
    try (Stream<Path> jars = Files.list(Path.of(System.getProperty("holdfast.libs", "")))) {
      jars.map(Path::toString).forEach(entries::add);
    }
    for (Class<?> type : List.of(HttpServlet.class, Nullable.class)) {
      entries.add(type.getProtectionDomain().getCodeSource().getLocation().getPath());
    }
    return String.join(File.pathSeparator, entries);
  }
}
