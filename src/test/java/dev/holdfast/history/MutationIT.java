package dev.holdfast.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.container.Container;
import dev.holdfast.container.ContainerNode;
import dev.holdfast.container.WarBuilder;
import dev.holdfast.redis.testing.FaultProxy;
import dev.holdfast.redis.testing.RedisServer;
import dev.holdfast.redis.testing.SentinelServers;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whether the checker would see it if a guard were missing. Each {@link Mutant} is deployed twice
 * in one Tomcat, as two servers that share sessions.
 */
class MutationIT {
  /** Of the product as it is. */
  private static final int ROUNDS = 6;

  /** A mutant ends at the first round that catches it; some take the right moment. */
  private static final int ATTEMPTS = 20;

  private static final String KEY = key();

  private static RedisServer redis;

  @TempDir Path directory;

  @BeforeAll
  static void start() {
    redis = RedisServer.start();
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  /**
   * Those that are caught without a fault in every build; in profile full all of them, and the
   * product as it is. {@code holdfast.mutants} names others, separated by commas.
   */
  static Stream<Mutant> mutants() {
    String named = System.getProperty("holdfast.mutants", "");
    if (!named.isEmpty()) {
      return Stream.of(named.split(",")).map(Mutant::valueOf);
    }
    return Stream.of(Mutant.values())
        .filter(mutant -> Boolean.getBoolean("holdfast.full") || mutant.isQuick());
  }

  /** In every build, so that a move of code does not wait for profile full to be noticed. */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void everyGuardStandsWhereItsMutantLooksForIt(Mutant mutant) throws IOException {
    assertThat(mutant.mutated()).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("mutants")
  void aMissingGuardIsCaught(Mutant mutant) throws InterruptedException {
    if (mutant.overSentinels()) {
      try (SentinelServers sentinels = SentinelServers.start(1)) {
        List<String> uris = List.of(sentinels.uri(), sentinels.uriByOthers());
        judge(mutant, uris, site -> new Round(site, sentinels));
      }
      return;
    }
    // Nobody's sessions but those of this mutant's requests.
    redis.command("FLUSHALL");
    List<FaultProxy> proxies = List.of(new FaultProxy(redis.port()), new FaultProxy(redis.port()));
    try {
      List<String> uris = proxies.stream().map(FaultProxy::uri).toList();
      judge(mutant, uris, site -> new Round(site, redis, proxies));
    } finally {
      proxies.forEach(FaultProxy::close);
    }
  }

  private void judge(Mutant mutant, List<String> redisUris, Function<Site, Round> rounds)
      throws InterruptedException {
    ContainerNode.Builder builder = ContainerNode.on(Container.TOMCAT_11);
    for (int i = 0; i < redisUris.size(); i++) {
      WarBuilder war = TestSite.war(name(mutant), redisUris.get(i), "encryption.keys=" + KEY);
      mutant.into(war, directory);
      builder.deploy(path(mutant, i), war.in(directory));
    }
    try (ContainerNode process = builder.start()) {
      Site site = new Site();
      site.add(builder, process, path(mutant, 0));
      site.add(builder, process, path(mutant, 1));
      Set<String> broken = broken(mutant, () -> rounds.apply(site));
      if (mutant == Mutant.NONE) {
        assertThat(broken).isEmpty();
      } else {
        assertThat(broken).containsAnyElementsOf(mutant.caughtBy());
      }
    }
  }

  private static Set<String> broken(Mutant mutant, Supplier<Round> rounds)
      throws InterruptedException {
    Set<String> broken = new TreeSet<>();
    int most = mutant == Mutant.NONE ? ROUNDS : ATTEMPTS;
    for (int i = 0; i < most && !isCaught(mutant, broken); i++) {
      Round round = rounds.get();
      List<Workload> workloads = mutant.workloads();
      Duration time = Duration.ofMillis(mutant.nemeses().isEmpty() ? 2_000 : 8_000);
      List<Violation> violations = round.run(workloads, mutant.nemeses(), time, i);
      violations.forEach(violation -> broken.add(violation.invariant()));
      System.out.println(mutant + " breaks " + broken + "\n" + round.summary(workloads));
      violations.stream()
          .filter(v -> mutant == Mutant.NONE || mutant.caughtBy().contains(v.invariant()))
          .limit(3)
          .forEach(v -> System.out.println(v.explain(round.history())));
    }
    return broken;
  }

  /** What races in one round may not race in another, on a machine that has more to do. */
  private static boolean isCaught(Mutant mutant, Set<String> broken) {
    return broken.stream().anyMatch(mutant.caughtBy()::contains);
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
