package dev.holdfast.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.lettuce.core.RedisURI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedisUriSyntaxTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "redis://localhost",
        "redis://localhost/",
        "REDIS://localhost:6379",
        "rediss://user:p%40ss@redis.example:6380/15",
        "redis://:secret@127.0.0.1:6379",
        "redis://[::1]:6379/0",
        "rediss://h?verifyPeer=CA&clientName=shop&database=2"
      })
  void whatIsTakenIsTakenByTheDriverToo(String uri) throws InvalidValueException {
    assertThat(new RedisUriSyntax().parse(uri)).isEqualTo(uri);
    if (!uri.startsWith("REDIS")) {
      assertThat(RedisURI.create(uri).getHost()).isNotEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "redis-sentinel://a#main",
        "rediss-sentinel://user:p%40ss@a:26379,b,[::1]:26380/2#my-primary",
        "redis-cluster://a",
        "REDISS-CLUSTER://user:pass@a:7000,b:7001?verifyPeer=FULL"
      })
  void severalServersAreTaken(String uri) throws InvalidValueException {
    assertThat(new RedisUriSyntax().parse(uri)).isEqualTo(uri);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "localhost:6379 | starts with redis://",
        "http://localhost | starts with redis://",
        "redis:localhost | starts with redis://",
        "redis-socket:///tmp/redis.sock | starts with redis://",
        "redis://a?verifyPeer=FWLL | verifyPeer must be one of full, ca, none",
        "redis-cluster://a?verifyPeer | verifyPeer must be one of full, ca, none",
        "redis://a?db=two | the database must be a number",
        "redis-sentinel://a:1,b:2/0 | name of the primary, as Sentinel knows it, is missing",
        "rediss-sentinel://a# | name of the primary, as Sentinel knows it, is missing",
        "redis-sentinel://a:1,,b:2#main | a server is missing beside a comma",
        "redis-sentinel://a:1,my_host#main | an underscore is not allowed",
        "redis-sentinel://a?sentinelMasterId=m#m | the primary's name belongs after #",
        "redis-cluster://a:1,b:0 | the port is out of range",
        "redis-cluster://a, | a server is missing beside a comma",
        "redis-cluster://a/3 | a Cluster has database 0 only",
        "redis-cluster://a?db=3 | a Cluster has database 0 only",
        "redis-cluster://a#main | has no part after #",
        "redis-clusters://a | starts with redis://",
        "redis://a:1,b:2 | several servers are a Sentinel group or a Cluster",
        "redis:// | not a URI at character",
        "redis://a b | not a URI at character",
        "redis://u:%zz@h | not a URI at character",
        "redis://u:p@ss@h | no valid host name",
        "redis://my_host | an underscore is not allowed",
        "redis://h:0 | the port is out of range",
        "redis://h:65536 | the port is out of range",
        "redis://h/main | the database must be a number",
        "redis://h/1#x | has no part after #",
        "redis://h?timeout=5s | set redis.timeout",
        "redis://h?password=x | unknown parameter"
      })
  void whatIsNotTakenIsExplained(String uri, String message) {
    assertThatExceptionOfType(InvalidValueException.class)
        .isThrownBy(() -> new RedisUriSyntax().parse(uri))
        .withMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "redis://user:hunter2@h:badport",
        "redis://user:hunter2@ss@h",
        "redis://user:hunter2%zz@h",
        "http://user:hunter2@h",
        "redis:user:hunter2@h",
        "user:hunter2@h",
        "redis://user:hunter2@a:1,b:2",
        "redis-sentinel://user:hunter2@a",
        "redis-cluster://user:hunter2@a,b:x",
        "redis://h?password=hunter2",
        "redis://user:hunter2/@h",
        "redis://user:hunter2?x@h",
        "redis:user:hunter2@a,redis-cluster://user:hunter2@b"
      })
  void aFaultNeverShowsTheCredentials(String uri) {
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(
            () ->
                SettingsLoader.load(List.of(Source.initParams(Map.of("redis.uri", uri))), "/shop"))
        .satisfies(e -> assertThat(e).message().contains("***").doesNotContain("hunter2"))
        .satisfies(e -> assertThat(e).hasNoCause());
  }
}
