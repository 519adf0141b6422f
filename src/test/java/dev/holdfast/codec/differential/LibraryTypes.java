package dev.holdfast.codec.differential;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.google.common.base.CaseFormat;
import com.google.common.collect.*;
import com.google.common.primitives.ImmutableIntArray;
import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.StringValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.Value;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.lang3.mutable.MutableInt;
import org.apache.commons.lang3.tuple.MutablePair;
import org.apache.commons.lang3.tuple.Pair;
import org.apache.commons.lang3.tuple.Triple;
import org.joda.time.*;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.RememberMeAuthenticationToken;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.oauth2.client.authentication.OAuth2AuthenticationToken;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.security.oauth2.core.oidc.OidcIdToken;
import org.springframework.security.oauth2.core.oidc.OidcUserInfo;
import org.springframework.security.oauth2.core.oidc.user.DefaultOidcUser;
import org.springframework.security.oauth2.core.user.DefaultOAuth2User;
import org.springframework.security.web.authentication.WebAuthenticationDetails;
import org.springframework.security.web.csrf.DefaultCsrfToken;

/** Values of libraries that applications keep in sessions. */
final class LibraryTypes {
  private final TypeTable table = new TypeTable();

  private LibraryTypes() {}

  static TypeTable all() {
    LibraryTypes types = new LibraryTypes();
    types.addGuava();
    types.addJoda();
    types.addJackson();
    types.addFunctional();
    types.addLanguages();
    types.addApache();
    types.addProtobuf();
    types.addSpring();
    types.addHibernate();
    return types.table;
  }

  private void addGuava() {
    table.add("guava.ImmutableList", () -> ImmutableList.of(1, 2, 3));
    table.add("guava.ImmutableList.1", () -> ImmutableList.of("only"));
    table.add("guava.ImmutableList.0", ImmutableList::of);
    table.add("guava.ImmutableList.subList", () -> ImmutableList.of(1, 2, 3, 4).subList(1, 3));
    table.add("guava.ImmutableList.reverse", () -> ImmutableList.of(1, 2, 3).reverse());
    table.add("guava.ImmutableSet", () -> ImmutableSet.of("a", "b"));
    table.add("guava.ImmutableSet.1", () -> ImmutableSet.of("a"));
    table.add("guava.ImmutableSortedSet", () -> ImmutableSortedSet.of("b", "a"));
    table.add("guava.ImmutableMap", () -> ImmutableMap.of("a", 1, "b", 2));
    table.add("guava.ImmutableMap.keySet", () -> ImmutableMap.of("a", 1, "b", 2).keySet());
    table.add("guava.ImmutableMap.values", () -> ImmutableMap.of("a", 1, "b", 2).values());
    table.add("guava.ImmutableSortedMap", () -> ImmutableSortedMap.of("b", 1, "a", 2));
    table.add("guava.ImmutableBiMap", () -> ImmutableBiMap.of("a", 1));
    table.add("guava.ImmutableListMultimap", () -> ImmutableListMultimap.of("a", 1, "a", 2));
    table.add("guava.ImmutableSetMultimap", () -> ImmutableSetMultimap.of("a", 1));
    table.add("guava.ImmutableTable", () -> ImmutableTable.of("r", "c", 1));
    table.add("guava.ImmutableMultiset", () -> ImmutableMultiset.of("a", "a"));
    table.add("guava.ImmutableRangeSet", () -> ImmutableRangeSet.of(Range.closed(1, 3)));
    table.add(
        "guava.HashBasedTable",
        () -> {
          Table<String, String, Integer> t = HashBasedTable.create();
          t.put("r", "c", 1);
          return t;
        });
    table.add(
        "guava.TreeBasedTable",
        () -> {
          Table<String, String, Integer> t = TreeBasedTable.create();
          t.put("r", "c", 1);
          return t;
        });
    table.add("guava.ArrayTable", () -> ArrayTable.create(List.of("r"), List.of("c")));
    table.add(
        "guava.ArrayListMultimap",
        () -> {
          var m = ArrayListMultimap.create();
          m.put("a", 1);
          return m;
        });
    table.add(
        "guava.HashMultimap",
        () -> {
          var m = HashMultimap.create();
          m.put("a", 1);
          return m;
        });
    table.add(
        "guava.LinkedHashMultimap",
        () -> {
          var m = LinkedHashMultimap.create();
          m.put("a", 1);
          return m;
        });
    table.add(
        "guava.TreeMultimap",
        () -> {
          var m = TreeMultimap.create();
          m.put("a", "1");
          return m;
        });
    table.add(
        "guava.LinkedListMultimap",
        () -> {
          var m = LinkedListMultimap.create();
          m.put("a", 1);
          return m;
        });
    table.add("guava.HashMultiset", () -> HashMultiset.create(List.of("a", "a", "b")));
    table.add("guava.TreeMultiset", () -> TreeMultiset.create(List.of("a", "a", "b")));
    table.add("guava.HashBiMap", () -> HashBiMap.create(Map.of("a", 1)));
    table.add(
        "guava.EvictingQueue",
        () -> {
          var q = EvictingQueue.create(3);
          q.add("a");
          return q;
        });
    table.add("guava.Range", () -> Range.openClosed(1, 5));
    table.add(
        "guava.TreeRangeSet",
        () -> {
          var s = TreeRangeSet.<Integer>create();
          s.add(Range.closed(1, 2));
          return s;
        });
    table.add("guava.Optional", () -> com.google.common.base.Optional.of("a"));
    table.add("guava.Optional.absent", com.google.common.base.Optional::absent);
    table.add("guava.Ordering", () -> Ordering.natural().reverse().nullsFirst());
    table.add("guava.ImmutableIntArray", () -> ImmutableIntArray.of(1, 2));
    table.add("guava.HashCode", () -> com.google.common.hash.Hashing.sha256().hashInt(1));
    table.add(
        "guava.BloomFilter",
        () ->
            com.google.common.hash.BloomFilter.create(
                com.google.common.hash.Funnels.integerFunnel(), 10));
    table.add("guava.HostAndPort", () -> com.google.common.net.HostAndPort.fromString("a:1"));
    table.add("guava.CaseFormat", () -> CaseFormat.LOWER_CAMEL);
    table.add(
        "guava.Lists.transform",
        () ->
            Lists.transform(
                new ArrayList<>(List.of(1)),
                (com.google.common.base.Function<Integer, String> & java.io.Serializable)
                    String::valueOf));
    table.add("guava.AtomicDouble", () -> new com.google.common.util.concurrent.AtomicDouble(1));
    table.add("guava.Maps.immutableEntry", () -> Maps.immutableEntry("a", 1));
    table.add("guava.newHashSet", () -> Sets.newConcurrentHashSet(List.of(1)));
  }

  private void addJoda() {
    DateTimeZone paris = DateTimeZone.forID("Europe/Paris");
    table.add("joda.DateTime", () -> new DateTime(0, paris));
    table.add("joda.DateTime.utc", () -> new DateTime(0, DateTimeZone.UTC));
    table.add(
        "joda.DateTime.buddhist",
        () -> new DateTime(0, org.joda.time.chrono.BuddhistChronology.getInstance(paris)));
    table.add("joda.LocalDate", () -> new LocalDate(2026, 11, 29));
    table.add("joda.LocalTime", () -> new LocalTime(1, 2, 3));
    table.add("joda.LocalDateTime", () -> new LocalDateTime(2026, 11, 29, 1, 2));
    table.add("joda.MutableDateTime", () -> new MutableDateTime(5, paris));
    table.add("joda.Instant", () -> new org.joda.time.Instant(5));
    table.add("joda.Duration", () -> new org.joda.time.Duration(5));
    table.add("joda.Period", () -> org.joda.time.Period.parse("P1Y2M"));
    table.add("joda.Interval", () -> new Interval(1, 2, paris));
    table.add("joda.Days", () -> Days.THREE);
    table.add("joda.Days.many", () -> Days.days(300));
    table.add("joda.Months", () -> Months.SIX);
    table.add("joda.YearMonth", () -> new org.joda.time.YearMonth(2026, 1));
    table.add("joda.Partial", () -> new Partial(DateTimeFieldType.year(), 2026));
    table.add("joda.DateTimeZone", () -> paris);
    table.add("joda.DateTimeZone.fixed", () -> DateTimeZone.forOffsetHours(3));
    table.add("joda.DateTimeFieldType", DateTimeFieldType::dayOfMonth);
    table.add("joda.PeriodType", PeriodType::days);
    table.add("joda.DateTime.Property", () -> new DateTime(0, paris).dayOfMonth());
    table.add("joda.ISOChronology", () -> org.joda.time.chrono.ISOChronology.getInstance(paris));
  }

  private void addJackson() {
    ObjectMapper mapper = new ObjectMapper();
    table.add(
        "jackson.ObjectNode", () -> mapper.readTree("{\"a\":[1,2.5,null,true,\"x\"],\"b\":{}}"));
    table.add("jackson.ArrayNode", () -> mapper.readTree("[1]"));
    table.add("jackson.TextNode", () -> JsonNodeFactory.instance.textNode("a"));
    table.add("jackson.IntNode", () -> JsonNodeFactory.instance.numberNode(500));
    table.add(
        "jackson.DecimalNode", () -> JsonNodeFactory.instance.numberNode(java.math.BigDecimal.ONE));
    table.add("jackson.NullNode", JsonNodeFactory.instance::nullNode);
    table.add("jackson.BooleanNode", () -> JsonNodeFactory.instance.booleanNode(true));
    table.add("jackson.BinaryNode", () -> JsonNodeFactory.instance.binaryNode(new byte[] {1}));
    table.add("jackson.POJONode", () -> JsonNodeFactory.instance.pojoNode("a"));
    table.add("jackson.MissingNode", JsonNodeFactory.instance::missingNode);
    table.add("jackson.ObjectMapper", ObjectMapper::new);
    table.add("jackson.JavaType", () -> mapper.constructType(String.class));
    table.add("jackson.JsonPointer", () -> com.fasterxml.jackson.core.JsonPointer.compile("/a/b"));
    table.add("jackson.Version", mapper::version);
    table.add(
        "jackson.JsonProcessingException",
        () -> {
          try {
            mapper.readTree("{");
            return "none";
          } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            return e;
          }
        });
  }

  private void addFunctional() {
    table.add("vavr.List", () -> io.vavr.collection.List.of(1, 2, 3));
    table.add("vavr.List.empty", io.vavr.collection.List::empty);
    table.add("vavr.Vector", () -> io.vavr.collection.Vector.of(1, 2, 3));
    table.add("vavr.HashMap", () -> io.vavr.collection.HashMap.of("a", 1));
    table.add("vavr.TreeMap", () -> io.vavr.collection.TreeMap.of("b", 1, "a", 2));
    table.add("vavr.HashSet", () -> io.vavr.collection.HashSet.of("a", "b"));
    table.add("vavr.LinkedHashMap", () -> io.vavr.collection.LinkedHashMap.of("a", 1));
    table.add("vavr.Option", () -> Option.of(1));
    table.add("vavr.Option.none", Option::none);
    table.add("vavr.Either", () -> Either.right(1));
    table.add("vavr.Try", () -> io.vavr.control.Try.success(1));
    table.add("vavr.Tuple2", () -> io.vavr.Tuple.of("a", 1));
    table.add("vavr.Queue", () -> io.vavr.collection.Queue.of(1, 2));
    table.add(
        "vavr.Lazy",
        () -> {
          var lazy = io.vavr.Lazy.of(() -> "a");
          lazy.get();
          return lazy;
        });
  }

  private void addLanguages() {
    table.add("kotlin.Pair", () -> new kotlin.Pair<>("a", 1));
    table.add("kotlin.Triple", () -> new kotlin.Triple<>("a", 1, null));
    table.add("kotlin.listOf", () -> kotlin.collections.CollectionsKt.listOf(1, 2));
    table.add("kotlin.emptyList", kotlin.collections.CollectionsKt::emptyList);
    table.add("kotlin.emptyMap", kotlin.collections.MapsKt::emptyMap);
    table.add("kotlin.emptySet", kotlin.collections.SetsKt::emptySet);
    table.add("kotlin.mapOf", () -> kotlin.collections.MapsKt.mapOf(new kotlin.Pair<>("a", 1)));
    table.add(
        "kotlin.buildList",
        () -> {
          var b = kotlin.collections.CollectionsKt.createListBuilder();
          b.add(1);
          return kotlin.collections.CollectionsKt.build(b);
        });
    table.add("kotlin.ArrayDeque", () -> new kotlin.collections.ArrayDeque<>(List.of(1)));
    table.add("kotlin.Unit", () -> kotlin.Unit.INSTANCE);
    table.add("kotlin.IntRange", () -> new kotlin.ranges.IntRange(1, 3));
    table.add("kotlin.Regex", () -> new kotlin.text.Regex("a+"));
    table.add(
        "kotlin.Lazy",
        () -> {
          var lazy = kotlin.LazyKt.lazy(() -> "a");
          lazy.getValue();
          return lazy;
        });
    table.add("kotlin.LazyUnset", () -> kotlin.LazyKt.lazy(() -> "a"));
    table.add(
        "scala.List",
        () ->
            new scala.collection.immutable.$colon$colon<>(
                "a", scala.collection.immutable.List$.MODULE$.empty()));
    table.add("scala.Nil", () -> scala.collection.immutable.List$.MODULE$.empty());
    table.add("scala.Vector", () -> scala.collection.immutable.Vector$.MODULE$.fill(40, () -> "a"));
    table.add("scala.Map", () -> new scala.collection.immutable.Map.Map1<>("a", 1));
    table.add(
        "scala.HashMap", () -> scala.collection.immutable.HashMap$.MODULE$.empty().updated("a", 1));
    table.add("scala.Set", () -> new scala.collection.immutable.Set.Set1<>("a"));
    table.add("scala.Some", () -> new scala.Some<>("a"));
    table.add("scala.None", () -> scala.None$.MODULE$);
    table.add("scala.Tuple2", () -> new scala.Tuple2<>("a", 1));
    table.add("scala.Right", () -> new scala.util.Right<>(1));
    table.add("scala.BigDecimal", () -> scala.math.BigDecimal.exact(5L));
    table.add(
        "scala.ListBuffer", () -> new scala.collection.mutable.ListBuffer<Object>().addOne("a"));
    table.add("scala.Symbol", () -> scala.Symbol.apply("a"));
    table.add(
        "groovy.GString",
        () ->
            new org.codehaus.groovy.runtime.GStringImpl(new Object[] {1}, new String[] {"a", "b"}));
    table.add("groovy.IntRange", () -> new groovy.lang.IntRange(1, 3));
    table.add("groovy.ObjectRange", () -> new groovy.lang.ObjectRange("a", "c"));
    table.add("groovy.Tuple2", () -> new groovy.lang.Tuple2<>("a", 1));
    table.add("groovy.Expando", groovy.util.Expando::new);
  }

  private void addApache() {
    table.add("lang3.Pair", () -> Pair.of("a", 1));
    table.add("lang3.MutablePair", () -> MutablePair.of("a", 1));
    table.add("lang3.Triple", () -> Triple.of("a", 1, null));
    table.add("lang3.MutableInt", () -> new MutableInt(5));
    table.add("lang3.Range", () -> org.apache.commons.lang3.Range.of(1, 5));
    table.add(
        "lang3.FastDateFormat",
        () ->
            org.apache.commons.lang3.time.FastDateFormat.getInstance(
                "yyyy", java.util.TimeZone.getTimeZone("UTC"), java.util.Locale.US));
    table.add("lang3.CharSet", () -> org.apache.commons.lang3.CharSet.getInstance("a-c"));
    table.add(
        "lang3.ContextedException",
        () ->
            new org.apache.commons.lang3.exception.ContextedException("m").addContextValue("a", 1));
    table.add(
        "collections4.MultiValuedMap",
        () -> {
          var m =
              new org.apache.commons.collections4.multimap.ArrayListValuedHashMap<String, Object>();
          m.put("a", 1);
          return m;
        });
    table.add(
        "collections4.LRUMap",
        () -> {
          var m = new org.apache.commons.collections4.map.LRUMap<String, Object>(3);
          m.put("a", 1);
          return m;
        });
    table.add(
        "collections4.CaseInsensitiveMap",
        () -> new org.apache.commons.collections4.map.CaseInsensitiveMap<>(Map.of("A", 1)));
    table.add(
        "collections4.HashBag",
        () -> new org.apache.commons.collections4.bag.HashBag<>(List.of("a", "a")));
    table.add(
        "collections4.ListOrderedMap",
        () -> {
          var m = new org.apache.commons.collections4.map.ListOrderedMap<String, Object>();
          m.put("a", 1);
          return m;
        });
    table.add(
        "collections4.DualHashBidiMap",
        () -> new org.apache.commons.collections4.bidimap.DualHashBidiMap<>(Map.of("a", 1)));
    table.add(
        "collections4.PatriciaTrie",
        () -> new org.apache.commons.collections4.trie.PatriciaTrie<>(Map.of("a", 1)));
    table.add(
        "collections4.UnmodifiableList",
        () ->
            org.apache.commons.collections4.ListUtils.unmodifiableList(
                new ArrayList<>(List.of(1))));
  }

  private void addProtobuf() {
    table.add("protobuf.StringValue", () -> StringValue.of("a"));
    table.add("protobuf.Timestamp", () -> Timestamp.newBuilder().setSeconds(5).build());
    table.add(
        "protobuf.Struct",
        () ->
            Struct.newBuilder()
                .putFields("a", Value.newBuilder().setNumberValue(1).build())
                .build());
    table.add("protobuf.Any", () -> Any.pack(StringValue.of("a")));
    table.add("protobuf.ByteString", () -> ByteString.copyFromUtf8("a"));
    table.add("protobuf.ByteString.sub", () -> ByteString.copyFromUtf8("abcdef").substring(1, 4));
    table.add(
        "protobuf.InvalidProtocolBufferException",
        () -> new com.google.protobuf.InvalidProtocolBufferException("i"));
  }

  private void addSpring() {
    List<org.springframework.security.core.GrantedAuthority> roles =
        AuthorityUtils.createAuthorityList("ROLE_USER");
    User user = new User("ada", "secret", roles);
    Map<String, Object> claims =
        new HashMap<>(Map.of("sub", "ada", "iss", "issuer", "aud", List.of("c")));
    OidcIdToken idToken =
        new OidcIdToken("token", Instant.EPOCH, Instant.EPOCH.plusSeconds(60), claims);
    DefaultOidcUser oidcUser =
        new DefaultOidcUser(roles, idToken, new OidcUserInfo(Map.of("email", "a@b")));
    table.add("spring.User", () -> user);
    table.add("spring.SimpleGrantedAuthority", () -> new SimpleGrantedAuthority("ROLE_A"));
    table.add(
        "spring.UsernamePasswordAuthenticationToken",
        () -> UsernamePasswordAuthenticationToken.authenticated(user, null, roles));
    table.add(
        "spring.SecurityContext",
        () ->
            new SecurityContextImpl(
                UsernamePasswordAuthenticationToken.authenticated(user, null, roles)));
    table.add(
        "spring.AnonymousAuthenticationToken",
        () -> new AnonymousAuthenticationToken("k", "p", roles));
    table.add(
        "spring.RememberMeAuthenticationToken",
        () -> new RememberMeAuthenticationToken("k", user, roles));
    table.add(
        "spring.WebAuthenticationDetails", () -> new WebAuthenticationDetails("127.0.0.1", "id"));
    table.add("spring.DefaultCsrfToken", () -> new DefaultCsrfToken("h", "p", "t"));
    table.add("spring.BadCredentialsException", () -> new BadCredentialsException("bad"));
    table.add(
        "spring.OAuth2AccessToken",
        () ->
            new OAuth2AccessToken(
                OAuth2AccessToken.TokenType.BEARER,
                "t",
                Instant.EPOCH,
                Instant.EPOCH.plusSeconds(60),
                Set.of("read")));
    table.add(
        "spring.DefaultOAuth2User",
        () -> new DefaultOAuth2User(roles, Map.of("name", "ada"), "name"));
    table.add("spring.DefaultOidcUser", () -> oidcUser);
    table.add(
        "spring.OAuth2AuthenticationToken",
        () -> new OAuth2AuthenticationToken(oidcUser, roles, "registration"));
    table.add(
        "spring.OAuth2AuthorizationRequest",
        () ->
            OAuth2AuthorizationRequest.authorizationCode()
                .clientId("c")
                .authorizationUri("https://a/b")
                .state("s")
                .build());
    table.add(
        "spring.ClientRegistration",
        () ->
            ClientRegistration.withRegistrationId("r")
                .clientId("c")
                .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
                .redirectUri("u")
                .authorizationUri("a")
                .tokenUri("t")
                .build());
    table.add(
        "spring.OAuth2AuthenticationException", () -> new OAuth2AuthenticationException("code"));
    table.add(
        "spring.LinkedMultiValueMap",
        () -> {
          var m = new org.springframework.util.LinkedMultiValueMap<String, String>();
          m.add("a", "b");
          return m;
        });
    table.add(
        "spring.HttpHeaders",
        () -> {
          var h = new org.springframework.http.HttpHeaders();
          h.add("a", "b");
          return h;
        });
    table.add("spring.MediaType", () -> org.springframework.http.MediaType.APPLICATION_JSON);
    table.add("spring.HttpMethod", () -> org.springframework.http.HttpMethod.GET);
    table.add(
        "spring.LinkedCaseInsensitiveMap",
        () -> {
          var m = new org.springframework.util.LinkedCaseInsensitiveMap<Object>();
          m.put("A", 1);
          return m;
        });
    table.add("spring.DataSize", () -> org.springframework.util.unit.DataSize.ofMegabytes(1));
    table.add(
        "spring.MutablePropertyValues",
        () -> new org.springframework.beans.MutablePropertyValues(Map.of("a", 1)));
  }

  private void addHibernate() {
    table.add("hibernate.PersistentBag", org.hibernate.collection.spi.PersistentBag::new);
    table.add("hibernate.PersistentSet", org.hibernate.collection.spi.PersistentSet::new);
    table.add("hibernate.PersistentMap", org.hibernate.collection.spi.PersistentMap::new);
    table.add("hibernate.PersistentList", org.hibernate.collection.spi.PersistentList::new);
    table.add(
        "hibernate.PersistentSortedSet", org.hibernate.collection.spi.PersistentSortedSet::new);
    table.add("hibernate.LockOptions", () -> org.hibernate.LockMode.PESSIMISTIC_WRITE);
    table.add("kryo.IntMap", () -> new com.esotericsoftware.kryo.kryo5.util.IntMap<>());
    table.add(
        "caffeine.Cache",
        () ->
            com.github.benmanes.caffeine.cache.Caffeine.newBuilder()
                .maximumSize(3)
                .build()
                .asMap());
  }
}
