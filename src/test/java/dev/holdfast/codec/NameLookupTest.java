package dev.holdfast.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Serializable;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketPermission;
import java.net.URI;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whoever can write to Redis, where there is no key, must not choose whom a node asks the network
 * for. A {@code java.net.URL} asks for its host's address when it is hashed or compared.
 */
class NameLookupTest {

  /** What a host name may be part of. */
  private static final List<Function<String, Object>> VALUES =
      List.of(
          NameLookupTest::url,
          host -> new ArrayList<>(List.of(url(host))),
          host -> new HashMap<>(Map.of(url(host), 1)),
          host -> new LinkedHashMap<>(Map.of(url(host), 1)),
          host -> new Hashtable<>(Map.of(url(host), 1)),
          host -> new ConcurrentHashMap<>(Map.of(url(host), 1)),
          host -> new HashMap<>(Map.of("k", new HashSet<>(Set.of(url(host))))),
          host -> new LinkedHashSet<>(Set.of(url(host))),
          host -> Map.of(url(host), 1),
          host -> Set.of(url(host), "other"),
          host -> new Bean(new HashSet<>(Set.of(url(host)))),
          host -> new Data(Map.of(url(host), 1)),
          host -> new Object[] {new HashSet<>(Set.of(url(host)))},
          host -> new HashSet<>(Set.of(new CodeSource(url(host), (Certificate[]) null))),
          host -> new HashSet<>(Set.of(new SocketPermission(host, "resolve"))),
          host -> new HashSet<>(Set.of(URI.create("http://" + host + "/"))),
          host -> new HashSet<>(Set.of(named(host))),
          host -> new HashSet<>(Set.of(new InetSocketAddress(named(host), 80))),
          host -> new HashSet<>(Set.of(InetSocketAddress.createUnresolved(host, 80))));

  record Data(Object content) implements Serializable {}

  static final class Bean implements Serializable {
    final Object content;

    Bean(Object content) {
      this.content = content;
    }
  }

  private static URL url(String host) {
    try {
      return new URL(null, "http://" + host + "/", new Silent());
    } catch (IOException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** Asks nobody here, and leaves the hash code to be found out by who reads the URL. */
  private static final class Silent extends URLStreamHandler {
    @Override
    protected URLConnection openConnection(URL url) {
      throw new UnsupportedOperationException();
    }

    @Override
    protected int hashCode(URL url) {
      return -1;
    }
  }

  private static InetAddress named(String host) {
    try {
      return InetAddress.getByAddress(host, new byte[] {127, 0, 0, 9});
    } catch (IOException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @Test
  void nothingReadWithoutAKeyLooksANameUp(@TempDir Path directory) throws Exception {
    List<String> withKey = lookups(directory, "key");
    assertThat(withKey).as("what this test would see").anyMatch(line -> line.startsWith("looked"));
    List<String> withoutKey = lookups(directory, "none");
    assertThat(withoutKey).noneMatch(line -> line.startsWith("looked up "));
    assertThat(withoutKey.stream().filter(line -> line.startsWith("left alone ")))
        .hasSize(2 * VALUES.size());
    assertThat(withoutKey).anyMatch(line -> line.startsWith("read "));
  }

  /** Each value as a node with a key writes it, and as a stream of Java serialization. */
  private static List<String> lookups(Path directory, String mode) throws Exception {
    AttributeCodec writer =
        new AttributeCodec(ClassAllowList.everything(NameLookupTest.class.getClassLoader()));
    List<String> hosts = new ArrayList<>();
    List<String> planted = new ArrayList<>();
    for (int i = 0; i < VALUES.size(); i++) {
      byte[] encoded = writer.encode(VALUES.get(i).apply("kryo" + i + ".test"));
      planted.add("kryo" + i + ".test " + Base64.getEncoder().encodeToString(encoded));
      byte[] stream = JavaSerialization.bytes(VALUES.get(i).apply("jdk" + i + ".test"));
      byte[] enveloped = Arrays.copyOf(new byte[] {1, 2, 0}, 3 + stream.length);
      System.arraycopy(stream, 0, enveloped, 3, stream.length);
      planted.add("jdk" + i + ".test " + Base64.getEncoder().encodeToString(enveloped));
      hosts.add("127.0.0.9 kryo" + i + ".test");
      hosts.add("127.0.0.9 jdk" + i + ".test");
    }
    Path hostsFile = Files.write(directory.resolve("hosts-" + mode), hosts);
    Path values = Files.write(directory.resolve("values-" + mode), planted);
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Djdk.net.hosts.file=" + hostsFile,
                "-Dsun.net.inetaddr.ttl=-1",
                "-cp",
                System.getProperty("java.class.path"),
                NameLookups.class.getName(),
                hostsFile.toString(),
                mode,
                values.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output.lines().toList();
  }
}
