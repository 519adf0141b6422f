package dev.holdfast.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsLoaderTest {

  private static final Source REDIS = Source.initParams(Map.of("redis.uri", "redis://localhost"));

  private static final String KEY_A = "3k8pUw9aYqZ1cT4vN7xR2mJ6hB0dL5sEoGfWiKuCyAM=";
  private static final String KEY_B = "q-V1Zs8Lx_0bTnY6Rw3JkE7mGdPc2UhFoI4aXvC9iQ0";

  @TempDir Path directory;

  @Test
  void aRedisUriIsAllThatIsNeeded() {
    Settings settings = load(REDIS).settings();

    assertThat(settings.app()).isEqualTo("shop");
    assertThat(settings.prefix()).isEqualTo("holdfast");
    assertThat(settings.redis())
        .isEqualTo(
            new RedisSettings(
                "redis://localhost",
                Duration.ofSeconds(1),
                Duration.ofSeconds(2),
                Duration.ofSeconds(2),
                1000,
                256,
                "",
                "",
                "",
                new TlsSettings("", "", "", ""),
                Durability.NONE,
                DurableWrites.LOGIN));
    assertThat(settings.cookieSecure()).isEqualTo(CookieSecure.ALWAYS);
    assertThat(settings.touch().mode()).isEqualTo(TouchMode.REQUEST);
    assertThat(settings.touch().interval()).isEqualTo(Duration.ofSeconds(60));
    assertThat(settings.attributes().changes()).isEqualTo(ChangeDetection.CONTENT);
    assertThat(settings.attributes().conflict()).isEqualTo(Conflict.DROP);
    assertThat(settings.cache().bytes()).isEqualTo(64L << 20);
    assertThat(settings.codec().allowed()).isEmpty();
    assertThat(settings.login().roles()).isEmpty();
    assertThat(settings.retryAfter()).isEqualTo(Duration.ofSeconds(2));
    assertThat(settings.logNames()).isEqualTo(LogNames.SESSION);
  }

  @Test
  void everySettingCanBeWritten() {
    Map<String, String> params = new LinkedHashMap<>();
    params.put("enabled", "True");
    params.put("app", "my.App_1-x");
    params.put("prefix", "site");
    params.put("route", "node-1");
    params.put("route.as", "cookie");
    params.put("route.cookie", "lb");
    params.put("redis.uri", "rediss://user:secret@redis.example:6380/3");
    params.put("redis.timeout", "750ms");
    params.put("redis.request-timeout", "3s");
    params.put("redis.connect-timeout", "PT1S");
    params.put("redis.queue", "50");
    params.put("redis.concurrency", "1");
    params.put("redis.credentials", "/etc/hosts");
    params.put("redis.credentials-provider", "com.example.VaultLogin");
    params.put("redis.sentinel-auth", "watcher:secret");
    params.put("redis.trust", "/etc/hosts");
    params.put("redis.trust-password", "t");
    params.put("redis.key", "/etc/hosts");
    params.put("redis.key-password", "k");
    params.put("durability", "replica");
    params.put("durability.writes", "all");
    params.put("cookie.secure", "Never");
    params.put("touch", "USE");
    params.put("touch.interval", "5m");
    params.put("expiry.events", "off");
    params.put("expiry.interval", "250ms");
    params.put("changes", "set");
    params.put("conflict", " fail ");
    params.put("cache", "tracking");
    params.put("cache.size", "512KB");
    params.put("cache.lag", "250ms");
    params.put("codec.allow", "com.example.Cart, com.example.model.*");
    params.put("codec.plain", "com.acme.Money, com.acme.data.*");
    params.put("attributes.local", "socket, vaadin.*");
    params.put("login.roles", "admin,Super User");
    params.put("unserializable", "refuse");
    params.put("listeners", "com.example.Counter");
    params.put("login.detection", "off");
    params.put("login.attributes", "who, com.example.User");
    params.put("login.role-attributes", "rights");
    params.put("rotate.mode", "fresh");
    params.put("rotate.keep", "cart");
    params.put("absolute.timeout", "8h");
    params.put("renewal.interval", "15m");
    params.put("renewal.grace", "10s");
    params.put("activity.except-paths", "/poll, /ping/*, *.png");
    params.put("lock.paths", "/cart/*, *.xhtml");
    params.put("lock.except-paths", "/cart/images/*");
    params.put("lock.lease", "1500ms");
    params.put("lock.wait", "0ms");
    params.put("activity.except-headers", "X-Background");
    params.put("security.listeners", "com.example.Watch");
    params.put("encryption", "migrate");
    params.put("encryption.keys", KEY_A + ", " + KEY_B);
    params.put("encryption.keys-file", "/etc/hosts");
    params.put("encryption.provider", "com.example.VaultKeys");
    params.put("retry-after", "1h");
    params.put("logging.mdc", "user");
    params.put("takeover", "spring-session");
    params.put("takeover.spring-namespace", "shop:session");
    params.put("takeover.spring-cookie", "SHOP");
    params.put("attribute.max-size", "64KB");
    params.put("session.max-size", "1MB");
    params.put("session.max-attributes", "50");
    params.put("sessions.create-rate", "0");
    params.put("sessions.first-life", "30s");
    params.put("sessions.index", "off");
    params.put("sessions.per-user", "3");
    params.put("sessions.per-user.policy", "Refuse");
    params.put("backup.database", "jdbc:postgresql://db.example/sessions");
    params.put("backup.user", "shop");
    params.put("backup.password", "secret");
    params.put("backup.table", "web.backup");
    params.put("backup.interval", "1m");
    params.put("backup.batch", "10");
    params.put("backup.rate", "20");
    params.put("backup.timeout", "30ms");
    params.put("backup.lookups", "40");
    params.put("backup.connections", "5");
    params.put("metrics.micrometer", "off");
    params.put("health.path", "/up");
    params.put("admin.path", "/staff/sessions");
    params.put("admin.role", "Head of sales");
    params.put("admin.token", "k".repeat(32));
    params.put("admin.mask", "*salary*");
    assertThat(params.keySet())
        .containsExactlyInAnyOrderElementsOf(
            SettingsTable.settings().stream().map(Setting::name).toList());

    // Keys come from one place, and so do user and password.
    params.remove("redis.credentials-provider");
    params.remove("encryption.keys-file");
    params.remove("encryption.provider");
    Settings settings = load(Source.initParams(params)).settings();
    assertThat(settings.app()).isEqualTo("my.App_1-x");
    assertThat(settings.encryption().mode()).isEqualTo(Encryption.MIGRATE);
    assertThat(settings.encryption().keys()).hasSize(2);
    assertThat(settings.prefix()).isEqualTo("site");
    assertThat(settings.redis())
        .isEqualTo(
            new RedisSettings(
                "rediss://user:secret@redis.example:6380/3",
                Duration.ofMillis(750),
                Duration.ofSeconds(3),
                Duration.ofSeconds(1),
                50,
                1,
                "/etc/hosts",
                "",
                "watcher:secret",
                new TlsSettings("/etc/hosts", "t", "/etc/hosts", "k"),
                Durability.REPLICA,
                DurableWrites.ALL));
    assertThat(settings.cookieSecure()).isEqualTo(CookieSecure.NEVER);
    assertThat(settings.touch().mode()).isEqualTo(TouchMode.USE);
    assertThat(settings.touch().interval()).isEqualTo(Duration.ofMinutes(5));
    assertThat(settings.expiry())
        .isEqualTo(new ExpirySettings(ExpiryEvents.OFF, Duration.ofMillis(250)));
    assertThat(settings.attributes().changes()).isEqualTo(ChangeDetection.SET);
    assertThat(settings.attributes().conflict()).isEqualTo(Conflict.FAIL);
    assertThat(settings.attributes().unserializable()).isEqualTo(Unserializable.REFUSE);
    assertThat(settings.cache())
        .isEqualTo(new CacheSettings(CacheMode.TRACKING, 512L << 10, Duration.ofMillis(250)));
    assertThat(settings.codec().allowed())
        .containsExactlyInAnyOrder("com.example.Cart", "com.example.model.*");
    assertThat(settings.login().roles()).containsExactlyInAnyOrder("admin", "Super User");
    assertThat(settings.listeners().session()).containsExactly("com.example.Counter");
    assertThat(settings.login())
        .isEqualTo(
            new LoginSettings(
                LoginDetection.OFF,
                Set.of("who", "com.example.User"),
                Set.of("rights"),
                settings.login().roles(),
                RotateMode.FRESH,
                Set.of("cart")));
    assertThat(settings.lock())
        .isEqualTo(
            new LockSettings(
                Set.of("/cart/*", "*.xhtml"),
                Set.of("/cart/images/*"),
                Duration.ofMillis(1500),
                Duration.ZERO));
    assertThat(settings.lifetime())
        .isEqualTo(
            new LifetimeSettings(
                Duration.ofHours(8),
                Duration.ofMinutes(15),
                Duration.ofSeconds(10),
                Set.of("/poll", "/ping/*", "*.png"),
                Set.of("X-Background")));
    assertThat(settings.attributes().local()).containsExactly("socket", "vaadin.*");
    assertThat(settings.listeners().security()).containsExactly("com.example.Watch");
    assertThat(settings.retryAfter()).isEqualTo(Duration.ofHours(1));
    assertThat(settings.logNames()).isEqualTo(LogNames.USER);
    assertThat(settings.limits())
        .isEqualTo(new LimitSettings(64 << 10, 1 << 20, 50, 0, Duration.ofSeconds(30)));
    assertThat(settings.users()).isEqualTo(new UserSettings(Toggle.OFF, 3, OneMoreLogin.REFUSE));
    assertThat(settings.backup())
        .isEqualTo(
            new BackupSettings(
                "jdbc:postgresql://db.example/sessions",
                "shop",
                "secret",
                "web.backup",
                Duration.ofMinutes(1),
                10,
                20,
                Duration.ofMillis(30),
                40,
                5));
    assertThat(settings.monitoring()).isEqualTo(new MonitoringSettings(MicrometerUse.OFF, "/up"));
    assertThat(settings.admin())
        .isEqualTo(
            new AdminSettings(
                "/staff/sessions", "Head of sales", "k".repeat(32), Set.of("*salary*")));
  }

  @Test
  void thereIsNoBackupUnlessADatabaseIsNamed() {
    assertThat(load(REDIS).settings().backup().database()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "jdbc:postgresql://u:p@h/d?password=x, jdbc:postgresql:***",
    "jdbc:postgresql://h:5432/d?password=x, jdbc:postgresql://h:5432/***",
    "jdbc:sqlserver://h;password=x, jdbc:sqlserver://h/***",
    "jdbc:oracle:thin:u/password=x@//h:1521/s, jdbc:oracle:***",
    "jdbc:mysql://address=(host=h)(password=x)/d, jdbc:mysql:***",
    "jdbc:db2://h:50000/d:user=u;password=x;, jdbc:db2://h:50000/***",
    "jdbc:h2:mem:d;PASSWORD=x, jdbc:h2:***",
    "jdbc:postgresql://h/d, jdbc:postgresql://h/***",
    "java:comp/env/jdbc/sessions, java:comp/env/jdbc/sessions"
  })
  void theDatabaseIsShownWithoutItsPassword(String database, String shown) {
    Map<String, String> params = Map.of("backup.database", database, "backup.password", "x");

    LoadedSettings loaded = SettingsLoader.load(List.of(REDIS, Source.initParams(params)), "");

    assertThat(loaded.settings().backup().database()).isEqualTo(database);
    assertThat(loaded.report().toString())
        .contains("backup.database = " + shown + " (", "backup.password = *** (");
    assertThat(loaded.settings().toString()).doesNotContain("password=x").contains(shown);
  }

  @ParameterizedTest
  @CsvSource({"'',root", "/shop,shop", "/a/b,a-b", "/Shop_2.0,Shop_2.0"})
  void theApplicationIsNamedByItsContextPath(String contextPath, String app) {
    assertThat(SettingsLoader.load(List.of(REDIS), contextPath).settings().app()).isEqualTo(app);
  }

  @Test
  void aContextPathThatMakesNoNameAsksForOne() {
    assertThat(faultsOf("/größe", REDIS))
        .singleElement()
        .asString()
        .startsWith("context path: app = größe: ")
        .endsWith("set app");
    assertThat(load("/größe", REDIS, Source.environment(Map.of("HOLDFAST_APP", "size"))).app())
        .isEqualTo("size");
  }

  @Test
  void theStrongerSourceDecides() throws IOException {
    List<Source> sources =
        List.of(
            Source.initParams(Map.of("prefix", "p1")),
            Source.contextParams(Map.of("holdfast.prefix", "p2")),
            Source.systemProperties(properties("holdfast.prefix", "p3")),
            Source.environment(Map.of("HOLDFAST_PREFIX", "p4")),
            file("prefix = p5"));
    for (int strongest = 0; strongest < sources.size(); strongest++) {
      List<Source> present = new ArrayList<>(sources.subList(strongest, sources.size()));
      present.add(REDIS);
      LoadedSettings loaded = SettingsLoader.load(present, "/shop");

      assertThat(loaded.settings().prefix()).isEqualTo("p" + (strongest + 1));
      assertThat(loaded.report())
          .filteredOn(line -> line.name().equals("prefix"))
          .extracting(WrittenSetting::source)
          .containsExactly(sources.get(strongest).name());
    }
  }

  @Test
  void everySourceHasItsSpelling() throws IOException {
    Duration expected = Duration.ofMillis(1234);
    for (Source source :
        List.of(
            Source.initParams(Map.of("redis.connect-timeout", "1234ms")),
            Source.initParams(Map.of("holdfast.redis.connect-timeout", "1234ms")),
            Source.contextParams(Map.of("holdfast.redis.connect-timeout", "1234ms")),
            Source.systemProperties(properties("holdfast.redis.connect-timeout", "1234ms")),
            Source.environment(Map.of("HOLDFAST_REDIS_CONNECT_TIMEOUT", "1234ms")),
            file("redis.connect-timeout=1234ms"),
            file("holdfast.redis.connect-timeout=1234ms"))) {
      assertThat(load(source, REDIS).settings().redis().connectTimeout())
          .as(source.name())
          .isEqualTo(expected);
    }
  }

  @Test
  void namesWithoutOurPrefixInSharedPlacesAreNotOurs() {
    LoadedSettings loaded =
        load(
            REDIS,
            Source.contextParams(Map.of("prefix", "x", "contextConfigLocation", "x")),
            Source.systemProperties(properties("prefix", "x", "holdfastish", "x")),
            Source.environment(Map.of("PREFIX", "x", "REDIS_URI", "x", "HOLDFASTISH", "x")));

    assertThat(loaded.report()).extracting(WrittenSetting::name).containsExactly("redis.uri");
  }

  @Test
  void namesReservedForTestsAndTheDemoAreSkipped() {
    assertThat(
            load(
                    REDIS,
                    Source.environment(
                        Map.of("HOLDFAST_TEST_REDIS", "x", "HOLDFAST_DEMO_PORT", "1")),
                    Source.systemProperties(properties("holdfast.demo.nodes", "3")))
                .report())
        .extracting(WrittenSetting::name)
        .containsExactly("redis.uri");
  }

  @Test
  void anUnknownNameIsAFaultThatNamesTheNearestInTheSpellingOfItsSource() throws IOException {
    assertThat(
            faultsOf(
                "/shop",
                REDIS,
                Source.initParams(Map.of("rediss.uri", "x")),
                Source.contextParams(Map.of("holdfast.touch-interval", "60s")),
                Source.systemProperties(properties("holdfast.prefxi", "x")),
                Source.environment(Map.of("HOLDFAST_REDIS_TIMEOUTS", "1s")),
                file("Cookie.Secure=never")))
        .containsExactly(
            "init-param: rediss.uri: there is no such setting, did you mean redis.uri?",
            "context-param: holdfast.touch-interval: there is no such setting, did you mean"
                + " holdfast.touch.interval?",
            "system property: holdfast.prefxi: there is no such setting, did you mean"
                + " holdfast.prefix?",
            "environment: HOLDFAST_REDIS_TIMEOUTS: there is no such setting, did you mean"
                + " HOLDFAST_REDIS_TIMEOUT?",
            "holdfast.properties: Cookie.Secure: there is no such setting, did you mean"
                + " cookie.secure?");
  }

  @Test
  void anUnknownNameFarFromAllOthersGetsNoSuggestionAndItsValueIsNotShown() {
    assertThat(faultsOf("/shop", REDIS, Source.initParams(Map.of("wombat", "hunter2"))))
        .containsExactly("init-param: wombat: there is no such setting; remove it");
  }

  @Test
  void allFaultsOfAllSourcesAreInOneMessage() {
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(
            () ->
                load(
                    Source.initParams(
                        new LinkedHashMap<>(Map.of("redis.timeout", "5", "touch", "maybe"))),
                    Source.environment(Map.of("HOLDFAST_CACHE_SIZE", "much"))))
        .withMessage(
            """
            Holdfast's settings have 4 faults:
              no source: redis.uri: missing, and Holdfast cannot guess where Redis is; set the \
            environment variable HOLDFAST_REDIS_URI or the filter's init-param redis.uri, for \
            example to redis://localhost:6379
              init-param: redis.timeout = 5: the unit is missing, did you mean 5s or 5ms?
              init-param: touch = maybe: no such choice, must be one of request, use
              environment: HOLDFAST_CACHE_SIZE = much: not a size; write a number and its unit, \
            like 64MB or 512KB, or plain bytes\
            """);
  }

  @Test
  void whatAStrongerSourceOverridesIsCheckedToo() {
    assertThat(
            faultsOf(
                "/shop",
                REDIS,
                Source.initParams(Map.of("touch", "use")),
                Source.environment(Map.of("HOLDFAST_TOUCH", "never"))))
        .containsExactly(
            "environment: HOLDFAST_TOUCH = never: no such choice, must be one of request, use");
  }

  @Test
  void aSettingWrittenTwiceInOneSourceIsAFault() {
    assertThat(faultsOf("/shop", REDIS, Source.initParams(Map.of("app", "a", "holdfast.app", "b"))))
        .containsExactly("init-param: holdfast.app = b: also written as app; remove one");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  ", "\t\n"})
  void anEmptyValueIsAFault(String empty) {
    assertThat(faultsOf("/shop", REDIS, Source.initParams(Map.of("touch.interval", empty))))
        .containsExactly(
            "init-param: touch.interval = : empty; write a value or remove the setting (default:"
                + " `60s`)");
  }

  @ParameterizedTest
  @CsvSource({
    "500ms,PT0.5S",
    "2s,PT2S",
    "5m,PT5M",
    "1h,PT1H",
    "PT1S,PT1S",
    "pt1.5s,PT1.5S",
    "2 S,PT2S",
    "1H,PT1H"
  })
  void aDurationHasItsUnit(String text, Duration expected) throws InvalidValueException {
    DurationType type =
        new DurationType(Duration.ofMillis(1), Duration.ofHours(1), Duration.ofMillis(1));

    assertThat(type.parse(text)).isEqualTo(expected);
    assertThat(type.parse(type.format(expected))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "redis.timeout | 5 | the unit is missing, did you mean 5s or 5ms?",
        "redis.timeout | 0s | out of range, must be from 1ms to 1m",
        "redis.timeout | -1s | out of range, must be from 1ms to 1m",
        "redis.timeout | 61s | out of range, must be from 1ms to 1m",
        "redis.timeout | PT0.0015S | too fine, must be a multiple of 1ms",
        "redis.timeout | soon | not a duration; write a number and its unit, like 500ms, 2s, 5m"
            + " or 1h",
        "redis.timeout | 999999999999999999h | not a duration; write a number and its unit, like"
            + " 500ms, 2s, 5m or 1h",
        "redis.timeout | PT | not a duration; write a number and its unit, like 500ms, 2s, 5m or"
            + " 1h",
        "touch.interval | 999ms | out of range, must be from 1s to 1h",
        "touch.interval | 61m | out of range, must be from 1s to 1h",
        "retry-after | 1500ms | too fine, must be a multiple of 1s",
        "cache.size | -1 | out of range, must be from 0 to 1024GB",
        "cache.size | 1025GB | out of range, must be from 0 to 1024GB",
        "cache.size | 999999999999999GB | out of range, must be from 0 to 1024GB",
        "cache.size | 64M | not a size; write a number and its unit, like 64MB or 512KB, or plain"
            + " bytes",
        "redis.queue | 0 | out of range, must be from 1 to 1000000",
        "redis.queue | 99999999999999999999 | out of range, must be from 1 to 1000000",
        "redis.queue | many | not a whole number; write one from 1 to 1000000",
        "redis.concurrency | 1.5 | not a whole number; write one from 1 to 1000000",
        "cookie.secure | true | no such choice, must be one of always, auto, never",
        "app | a:b | not a name; write 1 to 64 letters, digits, dots, underscores or dashes",
        "route | node.1 | not a name; write 1 to 32 letters, digits, underscores or dashes",
        "route.as | query | no such choice, must be one of cookie, suffix",
        "route.cookie | a b | not a name; write 1 to 64 letters, digits, underscores or dashes",
        "prefix | {a} | not a name; write 1 to 64 letters, digits, dots, underscores or dashes",
        "codec.allow | * | \"*\" names no class and no package; write full names like"
            + " com.example.Cart, or com.example.* for a package",
        "codec.allow | a.b*c | \"a.b*c\" names no class and no package; write full names like"
            + " com.example.Cart, or com.example.* for a package",
        "codec.allow | a.B,,c.D | a name is missing beside a comma; write class names, or packages"
            + " ending in `.*`, separated by commas",
        "login.roles | , | a name is missing beside a comma; write role names, separated by commas"
      })
  void aWrongValueIsToldWhatIsRight(String name, String value, String fault) {
    assertThat(faultsOf("/shop", REDIS, Source.initParams(Map.of(name, value))))
        .containsExactly("init-param: " + name + " = " + value + ": " + fault);
  }

  @ParameterizedTest
  @CsvSource({"0,0", "1000,1000", "512KB,524288", "64mb,67108864", "1 GB,1073741824", "3b,3"})
  void aSizeCountsBytes(String text, long expected) throws InvalidValueException {
    SizeType type = new SizeType(0, Long.MAX_VALUE);

    assertThat(type.parse(text)).isEqualTo(expected);
    assertThat(type.parse(type.format(expected))).isEqualTo(expected);
  }

  @Test
  void theCookieOfARouteIsOneThatIsThereAndThatBrowsersTake() {
    assertThat(
            faultsOf(
                "/shop",
                REDIS,
                Source.initParams(Map.of("route.as", "suffix", "route.cookie", "__Host-lb"))))
        .containsExactly(
            "route.cookie is set, but with route.as=suffix there is no such cookie; remove one of"
                + " them",
            "route.cookie = __Host-lb: browsers have rules of their own for names that begin with"
                + " two underscores; choose another one");
  }

  @Test
  void aValueWithLineBreaksStaysOnOneLineOfTheMessage() {
    assertThat(faultsOf("/shop", REDIS, Source.initParams(Map.of("touch", "a\nb\u0000"))))
        .containsExactly(
            "init-param: touch = a\\u000ab\\u0000: no such choice, must be one of request, use");
    assertThat(faultsOf("/shop", REDIS, Source.initParams(Map.of("touch", "x".repeat(9999)))))
        .singleElement()
        .asString()
        .hasSizeLessThan(400);
  }

  @Test
  void theReportTellsWhatWasDecidedWhereAndHidesCredentials() {
    LoadedSettings loaded =
        load(
            Source.initParams(Map.of("codec.allow", "a.B,c.*")),
            Source.environment(
                Map.of(
                    "HOLDFAST_REDIS_URI",
                    "redis://user:hunter2@redis:6379",
                    "HOLDFAST_CACHE_SIZE",
                    "1024KB",
                    "HOLDFAST_TOUCH_INTERVAL",
                    "60s")));

    assertThat(loaded.report())
        .extracting(WrittenSetting::toString)
        .containsExactly(
            "redis.uri = redis://***@redis:6379 (environment)",
            "touch.interval = 1m (environment)",
            "cache.size = 1MB (environment)",
            "codec.allow = a.B, c.* (init-param)");
    assertThat(loaded.toString()).doesNotContain("hunter2");
  }

  @Test
  void aBrokenFileStopsTheStart() {
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> file("prefix=\\uXYZ"))
        .withMessageContaining("holdfast.properties: ")
        .withMessageContaining("cannot be read");
  }

  @Test
  void noFileIsNoFault() {
    ClassLoader empty = new URLClassLoader(new URL[0], null);

    assertThat(Source.classPathFile(empty).names()).isEmpty();
  }

  @Test
  void userAndPasswordForRedisComeFromOnePlace() {
    String provider = "com.example.VaultLogin";
    Source named = Source.initParams(Map.of("redis.credentials-provider", provider));
    assertThat(load(REDIS, named).settings().redis().credentialsProvider()).isEqualTo(provider);
    assertThat(
            faultsOf(
                "/shop",
                REDIS,
                named,
                Source.environment(Map.of("HOLDFAST_REDIS_CREDENTIALS", "/etc/hosts"))))
        .containsExactly(
            "redis.credentials and redis.credentials-provider are set at once; user and password"
                + " come from one place, remove the other");
  }

  @Test
  void keysTurnEncryptionOnAndComeFromOnePlace() {
    assertThat(load(REDIS).settings().encryption().mode()).isEqualTo(Encryption.OFF);
    for (Source source :
        List.of(
            Source.environment(Map.of("HOLDFAST_ENCRYPTION_KEYS", KEY_A)),
            Source.initParams(Map.of("encryption.keys-file", "/etc/hosts")),
            Source.initParams(Map.of("encryption.provider", "com.example.VaultKeys")))) {
      assertThat(load(REDIS, source).settings().encryption().mode()).isEqualTo(Encryption.REQUIRED);
      assertThat(load(REDIS, source).settings().encryption().hasKeys()).isTrue();
    }
    assertThat(faultsOf("/shop", REDIS, Source.initParams(Map.of("encryption", "required"))))
        .containsExactly(
            "encryption is on, but there are no keys; set encryption.keys, encryption.keys-file or"
                + " encryption.provider");
    assertThat(
            faultsOf(
                "/shop",
                REDIS,
                Source.environment(Map.of("HOLDFAST_ENCRYPTION_KEYS", KEY_A)),
                Source.initParams(Map.of("encryption.provider", "a.B"))))
        .containsExactly(
            "encryption.keys and encryption.provider are set at once; keys come from one place,"
                + " remove the others");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "c2VjcmV0 | key 1 has 6 bytes and not 32",
        "$, c2VjcmV0 | key 2 has 6 bytes and not 32",
        "$, | key 2 is missing",
        "$ not*base64 | key 2 is not base64",
        "$,$ | key 2 is the same as key 1",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= | key 1 is one byte repeated"
      })
  void aKeyThatIsNoneIsNamedByItsPlaceAndNotShown(String keys, String fault) {
    String written = keys.replace("$", KEY_A);

    assertThat(faultsOf("/shop", REDIS, Source.initParams(Map.of("encryption.keys", written))))
        .singleElement()
        .asString()
        .startsWith("init-param: encryption.keys = ***: " + fault)
        .doesNotContain(KEY_A, "c2VjcmV0", "not*base64");
  }

  @Test
  void noReportShowsAKey() {
    LoadedSettings loaded =
        load(REDIS, Source.environment(Map.of("HOLDFAST_ENCRYPTION_KEYS", KEY_A + "," + KEY_B)));

    assertThat(loaded.report())
        .extracting(WrittenSetting::toString)
        .contains("encryption.keys = *** (environment)");
    assertThat(loaded.toString()).doesNotContain(KEY_A.substring(4, 20), KEY_B.substring(4, 20));
  }

  private static LoadedSettings load(Source... sources) {
    return SettingsLoader.load(List.of(sources), "/shop");
  }

  private static Settings load(String contextPath, Source... sources) {
    return SettingsLoader.load(List.of(sources), contextPath).settings();
  }

  private static List<String> faultsOf(String contextPath, Source... sources) {
    try {
      load(contextPath, sources);
    } catch (ConfigurationException e) {
      return e.faults();
    }
    throw new AssertionError("no fault in " + Arrays.toString(sources));
  }

  private static Properties properties(String... namesAndValues) {
    Properties properties = new Properties();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      properties.setProperty(namesAndValues[i], namesAndValues[i + 1]);
    }
    return properties;
  }

  private Source file(String text) throws IOException {
    Files.writeString(directory.resolve("holdfast.properties"), text);
    try (URLClassLoader loader = new URLClassLoader(new URL[] {directory.toUri().toURL()}, null)) {
      return Source.classPathFile(loader);
    }
  }
}
