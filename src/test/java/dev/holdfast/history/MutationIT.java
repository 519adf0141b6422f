package dev.holdfast.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.container.Container;
import dev.holdfast.container.ContainerNode;
import dev.holdfast.container.WarBuilder;
import dev.holdfast.redis.testing.FaultProxy;
import dev.holdfast.redis.testing.RedisServer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whether the checker would see it if a guard were missing. Each {@link Mutant} is deployed twice
 * in one Tomcat, as two servers that share sessions.
 */
class MutationIT {
  private static final String KEY = key();

  @TempDir static Path directory;
  private static final Map<Mutant, Site> SITES = new EnumMap<>(Mutant.class);
  private static final Map<Mutant, List<FaultProxy>> PROXIES = new EnumMap<>(Mutant.class);
  private static RedisServer redis;
  private static ContainerNode process;

  @BeforeAll
  static void start() {
    redis = RedisServer.start();
    ContainerNode.Builder builder = ContainerNode.on(Container.TOMCAT_11).jvm("-Xmx512m");
    mutants()
        .forEach(
            mutant -> {
              List<FaultProxy> proxies =
                  List.of(new FaultProxy(redis.port()), new FaultProxy(redis.port()));
              PROXIES.put(mutant, proxies);
              for (int i = 0; i < 2; i++) {
                WarBuilder war =
                    TestSite.war(
                        name(mutant), proxies.get(i).uri(), "encryption.keys=" + KEY);
                mutant.into(war, directory);
                builder.deploy(path(mutant, i), war.in(directory));
              }
            });
    process = builder.start();
    PROXIES.forEach(
        (mutant, proxies) -> {
          Site site = new Site();
          for (int i = 0; i < 2; i++) {
            site.add(builder, process, path(mutant, i));
          }
          SITES.put(mutant, site);
        });
  }

  @AfterAll
  static void stop() {
    process.close();
    PROXIES.values().forEach(proxies -> proxies.forEach(FaultProxy::close));
    redis.close();
  }

  /** Two in every build, all in profile full. */
  static Stream<Mutant> mutants() {
    return Boolean.getBoolean("holdfast.full")
        ? Stream.of(Mutant.values())
        : Stream.of(Mutant.STAMP, Mutant.EPOCH_FENCE);
  }

  @ParameterizedTest
  @MethodSource("mutants")
  void aMissingGuardIsCaught(Mutant mutant) throws InterruptedException {
    Round round = new Round(SITES.get(mutant), redis, PROXIES.get(mutant));
    List<Workload> workloads = mutant.workloads();
    Duration time = Duration.ofMillis(mutant.nemeses().isEmpty() ? 3_000 : 10_000);
    List<Violation> violations = round.run(workloads, mutant.nemeses(), time, 7);
    System.out.println(mutant + "\n" + round.summary(workloads));
    violations.stream().limit(1).forEach(v -> System.out.println(v.explain(round.history())));
    if (mutant == Mutant.NONE) {
      assertThat(violations.stream().map(v -> v.explain(round.history()))).isEmpty();
    } else {
      assertThat(violations.stream().map(Violation::invariant))
          .containsAnyElementsOf(mutant.caughtBy());
    }
  }

  private static String key() {
    byte[] key = new byte[32];
    new SecureRandom().nextBytes(key);
    return Base64.getEncoder().encodeToString(key);
  }

  private static String name(Mutant mutant) {
    return "work-" + mutant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String path(Mutant mutant, int server) {
    return "/" + name(mutant) + "-" + server;
  }
}
