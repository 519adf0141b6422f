package dev.holdfast.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.config.testing.TestSettings;
import dev.holdfast.redis.testing.Certificates;
import dev.holdfast.redis.testing.CountingProxy;
import dev.holdfast.redis.testing.FreePorts;
import dev.holdfast.redis.testing.RecordingLog;
import dev.holdfast.redis.testing.RedisCluster;
import dev.holdfast.redis.testing.RedisServer;
import dev.holdfast.redis.testing.SentinelServers;
import dev.holdfast.store.NewSession;
import dev.holdfast.store.SaveOutcome.Result;
import dev.holdfast.store.Stamp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS to real servers: who is refused, and why; and passwords that change. */
class RedisTlsTest {
  private static final String SECRET = "a-very-private-attribute";

  @TempDir static Path directory;

  private static Certificates certificates;
  private static Path good;

  private final List<AutoCloseable> opened = new ArrayList<>();

  @BeforeAll
  static void make() {
    certificates = new Certificates(directory);
    good = certificates.signed("good", "ip:127.0.0.1");
  }

  @AfterEach
  void close() throws Exception {
    for (int i = opened.size() - 1; i >= 0; i--) {
      opened.get(i).close();
    }
  }

  @Test
  void aServerOfOurAuthorityIsUsedAndTheWireShowsNothing() {
    int port = server(good, false);
    CountingProxy proxy = keep(new CountingProxy(port));
    RedisSessionStore store = store("rediss://127.0.0.1:" + proxy.port(), trust());
    assertStores(store);
    assertThat(new String(proxy.bytesToServer(), ISO_8859_1)).doesNotContain(SECRET, "HELLO");
    assertThat(new String(proxy.bytesToClient(), ISO_8859_1)).doesNotContain(SECRET);
  }

  @Test
  void anAuthorityInAKeyStoreIsTrustedToo() {
    int port = server(good, false);
    String store = certificates.authorityStore("s3same").toString();
    assertStores(
        store(
            "rediss://127.0.0.1:" + port, "redis.trust", store, "redis.trust-password", "s3same"));
  }

  @Test
  void aServerOfAnotherAuthorityIsRefused() {
    int port = server(good, false);
    assertThat(refusal("rediss://127.0.0.1:" + port, "redis.trust", "" + certificates.stranger()))
        .contains("certif")
        .containsAnyOf("certification path", "trust anchor", "signature")
        .contains("redis.trust");
    assertThat(refusal("rediss://127.0.0.1:" + port)).contains("certification path");
  }

  @Test
  void aCertificateOfAnotherHostIsRefused() {
    int port = server(certificates.signed("elsewhere", "dns:redis.example"), false);
    assertThat(refusal("rediss://127.0.0.1:" + port, trust()))
        .contains("127.0.0.1")
        .contains("subject alternative names");
  }

  @Test
  void anExpiredCertificateIsRefused() {
    Path expired =
        certificates.signed("expired", "ip:127.0.0.1", "-startdate", "-3d", "-validity", "1");
    int port = server(expired, false);
    assertThat(refusal("rediss://127.0.0.1:" + port, trust())).contains("NotAfter");
  }

  @Test
  void aServerThatAsksForACertificateGetsOurs() {
    int port = server(good, true);
    String uri = "rediss://127.0.0.1:" + port;
    Workload.refusal(store(uri, trust()));
    Path client = certificates.signed("node", "dns:node");
    assertStores(
        store(uri, "redis.trust", "" + certificates.authority(), "redis.key", "" + client));
    assertStores(
        store(
            uri,
            "redis.trust",
            "" + certificates.authority(),
            "redis.key",
            "" + certificates.keyStore("node", "op3n"),
            "redis.key-password",
            "op3n"));
  }

  @Test
  void aPlainConnectionToATlsPortAndTheOtherWayRoundFailAndSaySo() {
    int port = server(good, false);
    assertThat(refusal("redis://127.0.0.1:" + port)).contains("TLS");
    RedisServer plain = keep(RedisServer.start());
    assertThat(refusal("rediss://127.0.0.1:" + plain.port(), trust())).contains("TLS");
  }

  @Test
  void sentinelAndClusterSpeakTlsThroughout() {
    String[] tls = {
      "--tls-replication", "yes", "--tls-cluster", "yes",
      "--tls-cert-file", good.toString(), "--tls-key-file", good.toString(),
      "--tls-ca-cert-file", certificates.authority().toString(), "--tls-auth-clients", "no"
    };
    RedisCluster cluster = keep(RedisCluster.startTls(tls));
    assertStores(store(cluster.uri(), trust()));
    SentinelServers sentinel = keep(SentinelServers.startTls(1, tls));
    assertStores(store(sentinel.uri(), trust()));
  }

  @Test
  void aPasswordThatChangesIsPickedUpWithoutARestartAndNeverShown() throws IOException {
    RedisServer server = keep(RedisServer.start());
    server.command("ACL", "SETUSER", "shop", "on", ">first-pw", "~*", "+@all");
    Path file = Files.writeString(directory.resolve("login"), "shop:first-pw\n");
    RecordingLog log = new RecordingLog();
    opened.add(log::close);
    RedisSessionStore store =
        store("redis://127.0.0.1:" + server.port(), "redis.credentials", file.toString());
    assertStores(store);
    server.command("ACL", "SETUSER", "shop", "<first-pw", ">second-pw");
    assertStores(store);
    server.command("CLIENT", "KILL", "TYPE", "NORMAL", "SKIPME", "yes");
    await()
        .ignoreExceptions()
        .untilAsserted(
            () ->
                assertThat(Workload.refusal(store))
                    .contains("WRONGPASS")
                    .contains("redis.credentials"));
    Files.writeString(file, "shop:second-pw\n");
    await()
        .atMost(Duration.ofSeconds(3))
        .ignoreExceptions()
        .untilAsserted(() -> assertStores(store));
    assertThat(log.text()).contains("WRONGPASS").doesNotContain("first-pw", "second-pw");
  }

  /** Starts a server with a TLS port, which it answers. */
  private int server(Path certificate, boolean mutual) {
    int port = FreePorts.one();
    keep(
        RedisServer.start(
            "--tls-port",
            "" + port,
            "--tls-cert-file",
            "" + certificate,
            "--tls-key-file",
            "" + certificate,
            "--tls-ca-cert-file",
            "" + certificates.authority(),
            "--tls-auth-clients",
            mutual ? "yes" : "no"));
    return port;
  }

  private String refusal(String uri, String... settings) {
    return Workload.refusal(store(uri, settings));
  }

  private static void assertStores(RedisSessionStore store) {
    NewSession session =
        new NewSession(
            Workload.locator(),
            new byte[32],
            Stamp.first(new SecureRandom()),
            store.now(),
            Duration.ofMinutes(30),
            null,
            null,
            Map.of("secret", SECRET.getBytes(UTF_8)));
    assertThat(store.create(session).result()).isEqualTo(Result.SAVED);
    assertThat(store.load(session.locator(), null)).isNotNull();
  }

  private RedisSessionStore store(String uri, String... settings) {
    return keep(new RedisSessionStore(TestSettings.of(uri, settings)));
  }

  private <T extends AutoCloseable> T keep(T closeable) {
    opened.add(closeable);
    return closeable;
  }

  private static String[] trust() {
    return new String[] {"redis.trust", certificates.authority().toString()};
  }
}
