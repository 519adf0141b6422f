package dev.holdfast.config;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/**
 * Every setting, declared once. The order is the order of the documentation and of the start-up
 * report.
 */
final class Catalogue {

  private static final Duration MILLISECOND = Duration.ofMillis(1);
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration TWO_MINUTES = Duration.ofMinutes(2);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final long GIGABYTE = 1L << 30;
  private static final Duration YEAR = Duration.ofDays(365);
  private static final long TERABYTE = 1L << 40;

  static final Setting<String> REDIS_URI =
      computed(
          "redis.uri",
          Group.ESSENTIAL,
          new RedisUriSyntax(),
          "required",
          "Where Redis is: `redis://[user:password@]host[:port][/database]`;"
              + " `redis-sentinel://[user:password@]host[:port],...[/database]#primary`;"
              + " `redis-cluster://[user:password@]host[:port],...`. `rediss` instead of `redis`"
              + " for TLS.",
          settings -> settings.redis().uri());

  static final Setting<CookieSecure> COOKIE_SECURE =
      declared(
          "cookie.secure",
          Group.ESSENTIAL,
          new ChoiceType<>(CookieSecure.class),
          "always",
          "When the cookie is `Secure`. A site on plain HTTP needs `auto`, or no browser keeps the"
              + " cookie.",
          Settings::cookieSecure);

  static final Setting<List<byte[]>> ENCRYPTION_KEYS =
      computed(
          "encryption.keys",
          Group.ESSENTIAL,
          new EncryptionKeysType(),
          "none: values are stored in the clear",
          "Keys to encrypt sessions in Redis: the first one writes, all of them read."
              + " `openssl rand -base64 32` makes one.",
          settings -> settings.encryption().keys());

  static final Setting<String> APP =
      computed(
          "app",
          Group.FREQUENT,
          new KeyNameType(),
          "the context path: `/shop` is `shop`, `/a/b` is `a-b`, the root is `root`; on a virtual"
              + " host that has a name, `shop.example_shop`",
          "Name of the application in Redis. Nodes that share sessions must agree on it; two"
              + " applications must not, and in one server the second is refused: `/a/b` and `/a-b`"
              + " need different ones, and so do applications at one path of two engines of a"
              + " Tomcat. Two servers embedded in one JVM whose engines and hosts have no names of"
              + " their own are not told apart.",
          Settings::app);

  static final Setting<Duration> TOUCH_INTERVAL =
      declared(
          "touch.interval",
          Group.FREQUENT,
          new DurationType(SECOND, HOUR, SECOND),
          "60s",
          "How often, at most, the time to live of a session in use is extended in Redis. A"
              + " session never ends early, and at most this late.",
          Settings::touchInterval);

  static final Setting<Long> CACHE_SIZE =
      declared(
          "cache.size",
          Group.FREQUENT,
          new SizeType(0, TERABYTE),
          "64MB",
          "Memory for copies of sessions that no request is using. A copy is checked"
              + " against Redis before use; `0` keeps none.",
          Settings::cacheBytes);

  static final Setting<Set<String>> CODEC_ALLOW =
      computed(
          "codec.allow",
          Group.FREQUENT,
          new NamesType(NamesType.Kind.CLASSES),
          "none",
          "Classes that may be stored in a session besides those of the application and the values"
              + " of the JDK and of frameworks. Where packages hold deserialization gadgets, full"
              + " class names only. Not needed with `encryption=required`.",
          Settings::allowedClasses);

  static final Setting<Set<String>> CODEC_PLAIN =
      computed(
          "codec.plain",
          Group.RARE,
          new NamesType(NamesType.Kind.CLASSES),
          "none",
          "Classes that are nothing but data though they do not implement `Serializable`: they are"
              + " stored inside Serializable objects too, which Java serialization would refuse."
              + " Without it such an attribute stays on its node. It does not reach inside an"
              + " object with serialization methods of its own, a record, or a collection that the"
              + " application made.",
          Settings::plainClasses);

  static final Setting<Set<String>> LOGIN_ROLES =
      computed(
          "login.roles",
          Group.FREQUENT,
          new NamesType(NamesType.Kind.ROLES),
          "none",
          "Roles looked up at a programmatic login besides those that the application declares.",
          Settings::loginRoles);

  static final Setting<String> ENCRYPTION_KEYS_FILE =
      computed(
          "encryption.keys-file",
          Group.FREQUENT,
          new FileType("path of a file"),
          "none",
          "The same keys in a file, one a line, instead. Read again when it changes, so keys are"
              + " exchanged without a restart.",
          settings -> settings.encryption().keysFile());

  static final Setting<Encryption> ENCRYPTION =
      computed(
          "encryption",
          Group.FREQUENT,
          new ChoiceType<>(Encryption.class),
          "`required` if there are keys, else `off`",
          "`off` writes in the clear, `migrate` encrypts what it writes, `required` also refuses"
              + " what is stored in the clear. Each of them reads what is encrypted.",
          settings -> settings.encryption().mode());

  static final Setting<String> ENCRYPTION_PROVIDER =
      computed(
          "encryption.provider",
          Group.RARE,
          new ClassNameType(),
          "none",
          "Class that provides the keys instead, a `dev.holdfast.security.KeyProvider`.",
          settings -> settings.encryption().provider());

  static final Setting<Set<String>> LOGIN_ATTRIBUTES =
      declared(
          "login.attributes",
          Group.FREQUENT,
          new NamesType(NamesType.Kind.ATTRIBUTES),
          "user, User, USER, username, userName, userId, user_id, loginId, loginUser, logonUser,"
              + " sessionUser, authUser, authenticatedUser, currentUser, loggedUser, loggedInUser,"
              + " principal, subject, SPRING_SECURITY_CONTEXT, javax.security.auth.subject,"
              + " org.apache.shiro.subject.support.DefaultSubjectContext_PRINCIPALS_SESSION_KEY,"
              + " _const_cas_assertion_, pac4jUserProfiles",
          "Session attributes that tell who is logged in: when one appears or changes, the id"
              + " changes. The first that names a user says whose session it is.",
          settings -> settings.login().attributes());

  static final Setting<RotateMode> ROTATE_MODE =
      declared(
          "rotate.mode",
          Group.FREQUENT,
          new ChoiceType<>(RotateMode.class),
          "keep",
          "What a session holds after a login: all as before (`keep`), or only what the request of"
              + " the login sets (`fresh`).",
          settings -> settings.login().mode());

  static final Setting<Set<String>> ROTATE_KEEP =
      computed(
          "rotate.keep",
          Group.FREQUENT,
          new NamesType(NamesType.Kind.ATTRIBUTES),
          "none",
          "Attributes that `rotate.mode=fresh` keeps, such as a cart.",
          settings -> settings.login().kept());

  static final Setting<LoginDetection> LOGIN_DETECTION =
      declared(
          "login.detection",
          Group.RARE,
          new ChoiceType<>(LoginDetection.class),
          "on",
          "`off` changes the id only when the application asks for it. An attacker who has"
              + " planted an id is then logged in with the victim.",
          settings -> settings.login().detection());

  static final Setting<Set<String>> LOGIN_ROLE_ATTRIBUTES =
      declared(
          "login.role-attributes",
          Group.RARE,
          new NamesType(NamesType.Kind.ATTRIBUTES),
          "roles, role, authorities, permissions,"
              + " org.apache.shiro.subject.support.DefaultSubjectContext_AUTHENTICATED_SESSION_KEY,"
              + " org.apache.shiro.subject.support.DelegatingSubject.RUN_AS_PRINCIPALS_SESSION_KEY",
          "Session attributes that tell what a user may do: when one appears or changes, the id"
              + " changes.",
          settings -> settings.login().roleAttributes());

  static final Setting<Duration> ABSOLUTE_TIMEOUT =
      declared(
          "absolute.timeout",
          Group.FREQUENT,
          new OptionalDurationType(new DurationType(SECOND, YEAR, SECOND)),
          "none",
          "How long after its creation a session ends, even if it is in use. Applies to"
              + " sessions created from then on.",
          settings -> settings.lifetime().absoluteTimeout());

  static final Setting<Duration> RENEWAL_INTERVAL =
      declared(
          "renewal.interval",
          Group.FREQUENT,
          new OptionalDurationType(new DurationType(SECOND, YEAR, SECOND)),
          "none",
          "An id that is older than this is replaced by the next request that uses its session.",
          settings -> settings.lifetime().renewalInterval());

  static final Setting<Set<String>> ACTIVITY_EXCEPT_PATHS =
      computed(
          "activity.except-paths",
          Group.FREQUENT,
          new NamesType(NamesType.Kind.PATHS),
          "none",
          "Requests that do not keep a session alive, such as a page's polling, by URL pattern.",
          settings -> settings.lifetime().passivePaths());

  static final Setting<Set<String>> ACTIVITY_EXCEPT_HEADERS =
      computed(
          "activity.except-headers",
          Group.RARE,
          new NamesType(NamesType.Kind.HEADERS),
          "none",
          "Requests that have one of these headers do not keep their session alive.",
          settings -> settings.lifetime().passiveHeaders());

  static final Setting<Durability> DURABILITY =
      declared(
          "durability",
          Group.FREQUENT,
          new ChoiceType<>(Durability.class),
          "none",
          "What a save waits for: `replica` until a replica has it, so that a failover does not"
              + " undo it; else 503.",
          settings -> settings.redis().durability());

  static final Setting<DurableWrites> DURABLE_WRITES =
      declared(
          "durability.writes",
          Group.RARE,
          new ChoiceType<>(DurableWrites.class),
          "login",
          "Which writes `durability=replica` waits for: logins, logouts and new ids"
              + " (`login`), or `all`.",
          settings -> settings.redis().durableWrites());

  static final Setting<String> REDIS_CREDENTIALS =
      computed(
          "redis.credentials",
          Group.FREQUENT,
          new FileType("path of a file: `user:password`, or a password"),
          "those in `redis.uri`",
          "User and password for Redis, read anew at each connect, so that they can change without"
              + " a restart.",
          settings -> settings.redis().credentials());

  static final Setting<String> REDIS_CREDENTIALS_PROVIDER =
      computed(
          "redis.credentials-provider",
          Group.RARE,
          new ClassNameType(),
          "none",
          "Class that provides user and password at each connect, a"
              + " `dev.holdfast.security.CredentialsProvider`.",
          settings -> settings.redis().credentialsProvider());

  static final Setting<String> REDIS_SENTINEL_AUTH =
      computed(
          "redis.sentinel-auth",
          Group.RARE,
          new SecretType("`password` or `user:password`"),
          "none",
          "How to log in to the Sentinels themselves; those in `redis.uri` are for the servers they"
              + " watch.",
          settings -> settings.redis().sentinelAuth());

  static final Setting<String> REDIS_TRUST =
      computed(
          "redis.trust",
          Group.FREQUENT,
          new FileType("path of a PEM or PKCS12 file"),
          "the JDK's",
          "The authorities whose certificates `rediss` accepts; the host name is checked too.",
          settings -> settings.redis().tls().trust());

  static final Setting<String> REDIS_TRUST_PASSWORD =
      computed(
          "redis.trust-password",
          Group.RARE,
          new SecretType("text"),
          "none",
          "Password of `redis.trust`.",
          settings -> settings.redis().tls().trustPassword());

  static final Setting<String> REDIS_KEY =
      computed(
          "redis.key",
          Group.RARE,
          new FileType("path of a PEM file with certificates and key, or PKCS12"),
          "none",
          "Certificate and key of this node, where Redis asks for one (mutual TLS).",
          settings -> settings.redis().tls().key());

  static final Setting<String> REDIS_KEY_PASSWORD =
      computed(
          "redis.key-password",
          Group.RARE,
          new SecretType("text"),
          "none",
          "Password of `redis.key`.",
          settings -> settings.redis().tls().keyPassword());

  static final Setting<String> PREFIX =
      declared(
          "prefix",
          Group.RARE,
          new KeyNameType(),
          "holdfast",
          "First part of every key in Redis, so that one ACL pattern can confine all of it.",
          Settings::prefix);

  static final Setting<Duration> REDIS_TIMEOUT =
      declared(
          "redis.timeout",
          Group.RARE,
          new DurationType(MILLISECOND, MINUTE, MILLISECOND),
          "1s",
          "How long a request waits for one reply from Redis before it is answered with 503.",
          settings -> settings.redis().timeout());

  static final Setting<Duration> REDIS_REQUEST_TIMEOUT =
      computed(
          "redis.request-timeout",
          Group.RARE,
          new DurationType(MILLISECOND, TWO_MINUTES, MILLISECOND),
          "twice `redis.timeout`",
          "How long a request waits for Redis altogether, however often, before it is answered with"
              + " 503. What it saves after its answer has begun has as long again.",
          settings -> settings.redis().requestTimeout());

  static final Setting<Duration> REDIS_CONNECT_TIMEOUT =
      declared(
          "redis.connect-timeout",
          Group.RARE,
          new DurationType(MILLISECOND, MINUTE, MILLISECOND),
          "2s",
          "How long one attempt to connect to Redis may take.",
          settings -> settings.redis().connectTimeout());

  static final Setting<Integer> REDIS_CONCURRENCY =
      declared(
          "redis.concurrency",
          Group.RARE,
          new CountType(1, 1_000_000),
          "256",
          "Requests that may wait for Redis at the same time; one more is answered with 503 at"
              + " once.",
          settings -> settings.redis().concurrency());

  static final Setting<Integer> REDIS_QUEUE =
      declared(
          "redis.queue",
          Group.RARE,
          new CountType(1, 1_000_000),
          "1000",
          "Commands that may wait for a reply on the connection to Redis.",
          settings -> settings.redis().queueSize());

  static final Setting<TouchMode> TOUCH =
      declared(
          "touch",
          Group.RARE,
          new ChoiceType<>(TouchMode.class),
          "request",
          "What keeps a session alive: every `request` that carries its id, or only `use` of the"
              + " session.",
          Settings::touch);

  static final Setting<ExpiryEvents> EXPIRY_EVENTS =
      declared(
          "expiry.events",
          Group.RARE,
          new ChoiceType<>(ExpiryEvents.class),
          "on",
          "Whether listeners are told of sessions that end because nobody asks for them. All nodes"
              + " should agree.",
          settings -> settings.expiry().events());

  static final Setting<Duration> EXPIRY_INTERVAL =
      declared(
          "expiry.interval",
          Group.RARE,
          new DurationType(MILLISECOND.multipliedBy(100), MINUTE.multipliedBy(2), MILLISECOND),
          "2s",
          "How often a node looks for such sessions, on average.",
          settings -> settings.expiry().interval());

  static final Setting<ChangeDetection> CHANGES =
      declared(
          "changes",
          Group.RARE,
          new ChoiceType<>(ChangeDetection.class),
          "content",
          "How a changed attribute is found: by its `content`, or only by `setAttribute` (`set`),"
              + " which costs less.",
          Settings::changes);

  static final Setting<Conflict> CONFLICT =
      declared(
          "conflict",
          Group.RARE,
          new ChoiceType<>(Conflict.class),
          "drop",
          "What happens when another node has written an object that this node changed in"
              + " place: `drop` the change and warn, or `fail` with 409.",
          Settings::conflict);

  static final Setting<Unserializable> UNSERIALIZABLE =
      declared(
          "unserializable",
          Group.RARE,
          new ChoiceType<>(Unserializable.class),
          "local",
          "A value whose class cannot be stored: stays on this node (`local`), or `setAttribute`"
              + " throws (`refuse`). With `<distributable/>` in web.xml it always throws. One whose"
              + " own code fails is tried again when the session is saved, and decided then.",
          Settings::unserializable);

  static final Setting<Set<String>> ATTRIBUTES_LOCAL =
      computed(
          "attributes.local",
          Group.RARE,
          new NamesType(NamesType.Kind.ATTRIBUTE_PATTERNS),
          "none",
          "Attributes that stay on the node that set them, without a warning: a connection, the"
              + " state of a user interface. Needs a sticky balancer.",
          Settings::localAttributes);

  static final Setting<Long> ATTRIBUTE_MAX_SIZE =
      declared(
          "attribute.max-size",
          Group.RARE,
          new SizeType(1, GIGABYTE),
          "1MB",
          "Bytes that one attribute may take when it is encoded; a larger one is refused and the"
              + " old value stays.",
          settings -> settings.limits().attributeBytes());

  static final Setting<Long> SESSION_MAX_SIZE =
      declared(
          "session.max-size",
          Group.RARE,
          new SizeType(1, GIGABYTE),
          "4MB",
          "Bytes that all attributes of a session may take together, with their names.",
          settings -> settings.limits().sessionBytes());

  static final Setting<Integer> SESSION_MAX_ATTRIBUTES =
      declared(
          "session.max-attributes",
          Group.RARE,
          new CountType(1, 100_000),
          "1000",
          "Attributes that a session may have.",
          settings -> settings.limits().attributes());

  static final Setting<Integer> SESSIONS_CREATE_RATE =
      declared(
          "sessions.create-rate",
          Group.RARE,
          new CountType(0, 1_000_000),
          "1000",
          "Sessions that a node creates in a second, ten seconds' worth at once; one more is"
              + " answered with 503. `0` for any number.",
          settings -> settings.limits().createRate());

  static final Setting<Duration> SESSIONS_FIRST_LIFE =
      declared(
          "sessions.first-life",
          Group.RARE,
          new DurationType(Duration.ZERO, HOUR, SECOND),
          "0s",
          "How long a new session lives if nobody logs in and no second request comes; `0s`"
              + " for the usual time-out.",
          settings -> settings.limits().firstLife());

  static final Setting<Toggle> SESSIONS_INDEX =
      declared(
          "sessions.index",
          Group.RARE,
          new ChoiceType<>(Toggle.class),
          "on",
          "Whether Redis has an index of the sessions of each user, which `Sessions.ofUser`"
              + " reads. Costs one wait at a login.",
          settings -> settings.users().index());

  static final Setting<Integer> SESSIONS_PER_USER =
      declared(
          "sessions.per-user",
          Group.FREQUENT,
          new CountType(0, 1000),
          "0",
          "How many sessions a user may be logged in to at a time; `0` for any number.",
          settings -> settings.users().perUser());

  static final Setting<OneMoreLogin> SESSIONS_PER_USER_POLICY =
      declared(
          "sessions.per-user.policy",
          Group.RARE,
          new ChoiceType<>(OneMoreLogin.class),
          "end-oldest",
          "What happens at one login more: the session with the oldest login ends"
              + " (`end-oldest`), or the login is refused (`refuse`: `login()` throws; any other"
              + " login is answered 409 and nothing of the request is stored).",
          settings -> settings.users().policy());

  static final Setting<Set<String>> LISTENERS =
      computed(
          "listeners",
          Group.RARE,
          new NamesType(NamesType.Kind.LISTENERS),
          "those of the container",
          "The only session listeners to call, in this order. Needed where the container's own"
              + " cannot be found.",
          Settings::listeners);

  static final Setting<Set<String>> SECURITY_LISTENERS =
      computed(
          "security.listeners",
          Group.RARE,
          new NamesType(NamesType.Kind.LISTENERS),
          "none",
          "Classes of yours that implement `dev.holdfast.security.SecurityListener` and are told of"
              + " security events, besides the logger `dev.holdfast.security`.",
          Settings::securityListeners);

  static final Setting<Duration> RENEWAL_GRACE =
      declared(
          "renewal.grace",
          Group.RARE,
          new DurationType(SECOND, MINUTE.multipliedBy(10), SECOND),
          "30s",
          "How long an id that `renewal.interval` has replaced stays valid.",
          settings -> settings.lifetime().renewalGrace());

  static final Setting<Duration> RETRY_AFTER =
      declared(
          "retry-after",
          Group.RARE,
          new DurationType(SECOND, HOUR, SECOND),
          "2s",
          "The `Retry-After` of a 503 while Redis does not answer.",
          Settings::retryAfter);

  static final Setting<String> BACKUP_DATABASE =
      computed(
          "backup.database",
          Group.FREQUENT,
          new DatabaseType(),
          "no backup",
          "Database that sessions are backed up to, and come back from when Redis has lost them."
              + " The driver may be in the WAR.",
          settings -> Objects.requireNonNull(settings.backup().database()));

  static final Setting<String> BACKUP_USER =
      computed(
          "backup.user",
          Group.RARE,
          new SecretTextType(),
          "as the URL says",
          "User of the database, for a JDBC URL.",
          settings -> Objects.requireNonNull(settings.backup().user()));

  static final Setting<String> BACKUP_PASSWORD =
      computed(
          "backup.password",
          Group.RARE,
          new SecretTextType(),
          "as the URL says",
          "Password of that user.",
          settings -> Objects.requireNonNull(settings.backup().password()));

  static final Setting<String> BACKUP_TABLE =
      declared(
          "backup.table",
          Group.RARE,
          new TableNameType(),
          "holdfast_session",
          "Table of the backup, created if it is missing. Applications may share one.",
          settings -> settings.backup().table());

  static final Setting<Duration> BACKUP_INTERVAL =
      declared(
          "backup.interval",
          Group.RARE,
          new DurationType(SECOND, HOUR, SECOND),
          "10s",
          "Each node writes the sessions it changed this often: what may be lost when Redis loses"
              + " everything.",
          settings -> settings.backup().interval());

  static final Setting<Integer> BACKUP_BATCH =
      declared(
          "backup.batch",
          Group.RARE,
          new CountType(1, 1000),
          "100",
          "Sessions in one transaction.",
          settings -> settings.backup().batch());

  static final Setting<Integer> BACKUP_RATE =
      declared(
          "backup.rate",
          Group.RARE,
          new CountType(1, 1_000_000),
          "1000",
          "Sessions that one node writes in a second, at most.",
          settings -> settings.backup().rate());

  static final Setting<Duration> BACKUP_TIMEOUT =
      declared(
          "backup.timeout",
          Group.RARE,
          new DurationType(MILLISECOND.multipliedBy(10), SECOND.multipliedBy(10), MILLISECOND),
          "500ms",
          "How long a login, a logout or an unknown session may wait for the database.",
          settings -> settings.backup().timeout());

  static final Setting<Integer> BACKUP_LOOKUPS =
      declared(
          "backup.lookups",
          Group.RARE,
          new CountType(1, 1_000_000),
          "200",
          "Sessions unknown to Redis that one node looks up in the database in a second, at most.",
          settings -> settings.backup().lookups());

  static final Setting<Integer> BACKUP_CONNECTIONS =
      declared(
          "backup.connections",
          Group.RARE,
          new CountType(2, 100),
          "4",
          "Connections of one node to the database.",
          settings -> settings.backup().connections());

  static final List<Setting<?>> ALL =
      List.of(
          REDIS_URI,
          COOKIE_SECURE,
          ENCRYPTION_KEYS,
          APP,
          TOUCH_INTERVAL,
          CACHE_SIZE,
          CODEC_ALLOW,
          LOGIN_ROLES,
          LOGIN_ATTRIBUTES,
          ROTATE_MODE,
          ROTATE_KEEP,
          SESSIONS_PER_USER,
          REDIS_CREDENTIALS,
          REDIS_TRUST,
          DURABILITY,
          ENCRYPTION_KEYS_FILE,
          ENCRYPTION,
          ENCRYPTION_PROVIDER,
          REDIS_CREDENTIALS_PROVIDER,
          ABSOLUTE_TIMEOUT,
          RENEWAL_INTERVAL,
          ACTIVITY_EXCEPT_PATHS,
          BACKUP_DATABASE,
          PREFIX,
          REDIS_TIMEOUT,
          REDIS_REQUEST_TIMEOUT,
          REDIS_CONNECT_TIMEOUT,
          REDIS_CONCURRENCY,
          REDIS_QUEUE,
          BACKUP_USER,
          BACKUP_PASSWORD,
          BACKUP_TABLE,
          BACKUP_INTERVAL,
          BACKUP_BATCH,
          BACKUP_RATE,
          BACKUP_TIMEOUT,
          BACKUP_LOOKUPS,
          BACKUP_CONNECTIONS,
          REDIS_SENTINEL_AUTH,
          REDIS_TRUST_PASSWORD,
          REDIS_KEY,
          REDIS_KEY_PASSWORD,
          DURABLE_WRITES,
          TOUCH,
          CODEC_PLAIN,
          EXPIRY_EVENTS,
          EXPIRY_INTERVAL,
          CHANGES,
          CONFLICT,
          UNSERIALIZABLE,
          ATTRIBUTES_LOCAL,
          ATTRIBUTE_MAX_SIZE,
          SESSION_MAX_SIZE,
          SESSION_MAX_ATTRIBUTES,
          SESSIONS_CREATE_RATE,
          SESSIONS_FIRST_LIFE,
          SESSIONS_INDEX,
          SESSIONS_PER_USER_POLICY,
          LISTENERS,
          LOGIN_DETECTION,
          LOGIN_ROLE_ATTRIBUTES,
          SECURITY_LISTENERS,
          RENEWAL_GRACE,
          ACTIVITY_EXCEPT_HEADERS,
          RETRY_AFTER);

  private Catalogue() {}

  private static <T> Setting<T> declared(
      String name,
      Group group,
      ValueType<T> type,
      String defaultText,
      String doc,
      Function<Settings, T> value) {
    return new Setting<>(name, group, type, defaultText, "`" + defaultText + "`", doc, value);
  }

  private static <T> Setting<T> computed(
      String name,
      Group group,
      ValueType<T> type,
      String defaultDoc,
      String doc,
      Function<Settings, T> value) {
    return new Setting<>(name, group, type, null, defaultDoc, doc, value);
  }
}
