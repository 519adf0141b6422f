package com.example.values;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.google.common.base.Optional;
import com.google.common.collect.ArrayListMultimap;
import com.google.common.collect.HashBasedTable;
import com.google.common.collect.HashBiMap;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.ImmutableTable;
import com.google.common.collect.LinkedHashMultiset;
import com.google.common.collect.Range;
import com.google.common.collect.TreeMultimap;
import com.google.common.hash.BloomFilter;
import com.google.common.hash.Funnels;
import com.google.common.hash.Hashing;
import com.google.common.net.HostAndPort;
import com.google.common.primitives.UnsignedLong;
import com.google.protobuf.ByteString;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.Value;
import groovy.lang.IntRange;
import io.vavr.Tuple;
import io.vavr.control.Either;
import io.vavr.control.Option;
import io.vavr.control.Try;
import java.awt.Color;
import java.awt.Dimension;
import java.awt.Point;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Calendar;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import javax.crypto.spec.SecretKeySpec;
import javax.xml.datatype.DatatypeFactory;
import javax.xml.namespace.QName;
import kotlin.Pair;
import kotlin.Triple;
import kotlin.collections.CollectionsKt;
import kotlin.collections.MapsKt;
import kotlin.text.Regex;
import org.codehaus.groovy.runtime.GStringImpl;
import org.joda.time.DateTime;
import org.joda.time.DateTimeZone;
import org.joda.time.Interval;
import org.joda.time.LocalDate;
import org.joda.time.MutableDateTime;
import org.joda.time.Period;
import org.springframework.security.authentication.InternalAuthenticationServiceException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.oauth2.client.authentication.OAuth2AuthenticationToken;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.security.oauth2.core.oidc.OidcIdToken;
import org.springframework.security.oauth2.core.oidc.OidcUserInfo;
import org.springframework.security.oauth2.core.oidc.user.DefaultOidcUser;
import org.springframework.security.oauth2.core.user.DefaultOAuth2User;
import org.springframework.security.saml2.provider.service.authentication.DefaultSaml2AuthenticatedPrincipal;
import org.springframework.security.saml2.provider.service.authentication.Saml2Authentication;

/** Values by name, each time made anew and the same. */
final class Values {

  private static final Instant NOON = Instant.parse("2026-11-29T12:00:00Z");

  private static final Map<String, Callable<Object>> MAKERS = new LinkedHashMap<>();

  static {
    jdk();
    guava();
    joda();
    data();
    languages();
    principals();
  }

  private Values() {}

  static List<String> names() {
    return List.copyOf(MAKERS.keySet());
  }

  static Object of(String name) throws Exception {
    return MAKERS.get(name).call();
  }

  private static void jdk() {
    MAKERS.put("jdk.qname", () -> new QName("urn:example", "order", "e"));
    MAKERS.put(
        "jdk.xmlCalendar",
        () -> DatatypeFactory.newInstance().newXMLGregorianCalendar("2026-11-29T12:00:00+01:00"));
    MAKERS.put("jdk.xmlDuration", () -> DatatypeFactory.newInstance().newDuration("P1DT2H"));
    MAKERS.put("jdk.secretKey", () -> new SecretKeySpec(new byte[] {1, 2, 3, 4}, "HmacSHA256"));
    MAKERS.put("jdk.color", () -> new Color(10, 20, 30, 40));
    MAKERS.put("jdk.point", () -> new Point(1, 2));
    MAKERS.put("jdk.dimension", () -> new Dimension(3, 4));
    MAKERS.put("jdk.certificate", Values::certificate);
    MAKERS.put("jdk.publicKey", () -> certificate().getPublicKey());
    MAKERS.put("jdk.x500Principal", () -> certificate().getSubjectX500Principal());
    MAKERS.put("jdk.calendar", () -> calendar(Locale.GERMANY));
    MAKERS.put("jdk.thaiCalendar", () -> calendar(new Locale("th", "TH")));
    MAKERS.put("jdk.japaneseCalendar", () -> calendar(new Locale("ja", "JP", "JP")));
    MAKERS.put("jdk.numberFormat", () -> java.text.NumberFormat.getInstance(Locale.ROOT));
    MAKERS.put("jdk.comparator", () -> Map.Entry.<String, String>comparingByKey());
    MAKERS.put("jdk.postgresException", Values::connectionRefused);
    MAKERS.put(
        "jdk.h2Exception",
        () -> sqlException("jdbc:h2:mem:values", "SELECT nothing FROM nowhere"));
    MAKERS.put(
        "jdk.failedLogin",
        () -> new InternalAuthenticationServiceException("no database", connectionRefused()));
  }

  private static void guava() {
    MAKERS.put("guava.list", () -> ImmutableList.of("a", "b"));
    MAKERS.put("guava.set", () -> ImmutableSet.of("a", "b"));
    MAKERS.put("guava.map", () -> ImmutableMap.of("a", 1, "b", 2));
    MAKERS.put("guava.sortedMap", () -> ImmutableSortedMap.of("a", 1, "b", 2));
    MAKERS.put("guava.listMultimap", () -> ImmutableListMultimap.of("a", 1, "a", 2));
    MAKERS.put("guava.table", () -> ImmutableTable.of("row", "column", 3));
    MAKERS.put("guava.range", () -> Range.closedOpen(1, 5));
    MAKERS.put("guava.optional", () -> Optional.of("a"));
    MAKERS.put("guava.absent", Optional::absent);
    MAKERS.put("guava.hostAndPort", () -> HostAndPort.fromParts("example.com", 80));
    MAKERS.put("guava.unsigned", () -> UnsignedLong.MAX_VALUE);
    MAKERS.put("guava.hash", () -> Hashing.sha256().hashInt(1));
    MAKERS.put(
        "guava.multimap",
        () -> {
          ArrayListMultimap<String, Integer> multimap = ArrayListMultimap.create();
          multimap.put("a", 1);
          return multimap;
        });
    MAKERS.put(
        "guava.treeMultimap",
        () -> {
          TreeMultimap<String, Integer> multimap = TreeMultimap.create();
          multimap.put("a", 1);
          return multimap;
        });
    MAKERS.put("guava.multiset", () -> LinkedHashMultiset.create(List.of("a", "a")));
    MAKERS.put("guava.biMap", () -> HashBiMap.create(Map.of("a", 1)));
    MAKERS.put(
        "guava.hashTable",
        () -> {
          HashBasedTable<String, String, Integer> table = HashBasedTable.create();
          table.put("row", "column", 3);
          return table;
        });
    MAKERS.put(
        "guava.bloomFilter",
        () -> {
          BloomFilter<CharSequence> filter =
              BloomFilter.create(Funnels.stringFunnel(StandardCharsets.UTF_8), 10);
          filter.put("a");
          return filter;
        });
  }

  private static void joda() {
    DateTimeZone zone = DateTimeZone.forID("Europe/Paris");
    MAKERS.put("joda.dateTime", () -> new DateTime(NOON.toEpochMilli(), zone));
    MAKERS.put("joda.localDate", () -> new LocalDate(2026, 11, 29));
    MAKERS.put("joda.interval", () -> new Interval(0, NOON.toEpochMilli(), zone));
    MAKERS.put("joda.period", () -> Period.hours(3));
    MAKERS.put("joda.zone", () -> zone);
    MAKERS.put("joda.mutable", () -> new MutableDateTime(NOON.toEpochMilli(), zone));
  }

  private static void data() {
    MAKERS.put("jackson.object", () -> new ObjectMapper().readTree("{\"a\":[1,2.5,null,true]}"));
    MAKERS.put("jackson.array", () -> new ObjectMapper().readTree("[\"a\",{}]"));
    MAKERS.put("jackson.text", () -> JsonNodeFactory.instance.textNode("a"));
    MAKERS.put("jackson.decimal", () -> JsonNodeFactory.instance.numberNode(new BigDecimal("1.5")));
    MAKERS.put("protobuf.timestamp", () -> Timestamp.newBuilder().setSeconds(1).build());
    MAKERS.put(
        "protobuf.struct",
        () ->
            Struct.newBuilder()
                .putFields("a", Value.newBuilder().setStringValue("b").build())
                .build());
    MAKERS.put("protobuf.bytes", () -> ByteString.copyFromUtf8("abc"));
  }

  private static void languages() {
    MAKERS.put("kotlin.pair", () -> new Pair<>("a", 1));
    MAKERS.put("kotlin.triple", () -> new Triple<>("a", 1, 2L));
    MAKERS.put("kotlin.list", () -> CollectionsKt.listOf("a", "b"));
    MAKERS.put("kotlin.emptyList", CollectionsKt::emptyList);
    MAKERS.put("kotlin.map", () -> MapsKt.mapOf(new Pair<>("a", 1), new Pair<>("b", 2)));
    MAKERS.put("kotlin.emptyMap", MapsKt::emptyMap);
    MAKERS.put("kotlin.regex", () -> new Regex("a+"));
    MAKERS.put("scala.tuple", () -> new scala.Tuple2<>("a", 1));
    MAKERS.put("scala.some", () -> scala.Some.apply("a"));
    MAKERS.put("scala.none", () -> scala.Option.empty());
    MAKERS.put("scala.list", () -> scala().toList());
    MAKERS.put("scala.vector", () -> scala().toVector());
    MAKERS.put("scala.set", () -> scala().toSet());
    MAKERS.put("scala.decimal", () -> scala.math.BigDecimal.exact("1.5"));
    MAKERS.put("vavr.list", () -> io.vavr.collection.List.of("a", "b"));
    MAKERS.put("vavr.map", () -> io.vavr.collection.LinkedHashMap.of("a", 1, "b", 2));
    MAKERS.put("vavr.treeMap", () -> io.vavr.collection.TreeMap.of("a", 1, "b", 2));
    MAKERS.put("vavr.vector", () -> io.vavr.collection.Vector.of("a", "b"));
    MAKERS.put("vavr.some", () -> Option.some("a"));
    MAKERS.put("vavr.none", Option::none);
    MAKERS.put("vavr.right", () -> Either.right("a"));
    MAKERS.put("vavr.success", () -> Try.success("a"));
    MAKERS.put("vavr.tuple", () -> Tuple.of("a", 1, 2L));
    MAKERS.put(
        "groovy.string",
        () -> new GStringImpl(new Object[] {1}, new String[] {"number ", " of all"}));
    MAKERS.put("groovy.range", () -> new IntRange(true, 1, 5));
    MAKERS.put("groovy.tuple", () -> groovy.lang.Tuple.tuple("a", 1));
  }

  private static void principals() {
    Map<String, Object> claims = Map.of("sub", "ada");
    OidcIdToken idToken =
        new OidcIdToken("token", NOON, NOON.plusSeconds(60), new TreeMap<>(Map.of("sub", "ada", "iat", NOON)));
    MAKERS.put(
        "spring.user",
        () ->
            new SecurityContextImpl(
                UsernamePasswordAuthenticationToken.authenticated(
                    User.withUsername("ada").password("secret").roles("USER").build(),
                    null,
                    AuthorityUtils.createAuthorityList("ROLE_USER"))));
    MAKERS.put(
        "spring.oauth2User",
        () ->
            new OAuth2AuthenticationToken(
                new DefaultOAuth2User(
                    AuthorityUtils.createAuthorityList("OAUTH2_USER"), claims, "sub"),
                AuthorityUtils.createAuthorityList("OAUTH2_USER"),
                "github"));
    MAKERS.put(
        "spring.oidcUser",
        () ->
            new OAuth2AuthenticationToken(
                new DefaultOidcUser(
                    AuthorityUtils.createAuthorityList("OIDC_USER"),
                    idToken,
                    new OidcUserInfo(claims)),
                AuthorityUtils.createAuthorityList("OIDC_USER"),
                "keycloak"));
    MAKERS.put(
        "spring.accessToken",
        () ->
            new OAuth2AccessToken(
                OAuth2AccessToken.TokenType.BEARER, "token", NOON, NOON.plusSeconds(60)));
    MAKERS.put(
        "spring.authorizationRequest",
        () ->
            OAuth2AuthorizationRequest.authorizationCode()
                .authorizationUri("https://example.com/authorize")
                .clientId("shop")
                .state("state")
                .build());
    MAKERS.put(
        "spring.clientRegistration",
        () ->
            ClientRegistration.withRegistrationId("github")
                .clientId("shop")
                .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
                .redirectUri("https://example.com/here")
                .authorizationUri("https://example.com/authorize")
                .tokenUri("https://example.com/token")
                .build());
    MAKERS.put(
        "spring.samlUser",
        () ->
            new Saml2Authentication(
                new DefaultSaml2AuthenticatedPrincipal("ada", Map.of("mail", List.of("a@b"))),
                "<response/>",
                AuthorityUtils.createAuthorityList("ROLE_USER")));
  }

  private static X509Certificate certificate() throws Exception {
    try (InputStream pem = Values.class.getResourceAsStream("/ada.pem")) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(pem);
    }
  }

  private static Calendar calendar(Locale locale) {
    Calendar calendar = Calendar.getInstance(TimeZone.getTimeZone("Europe/Paris"), locale);
    calendar.setTimeInMillis(NOON.toEpochMilli());
    return calendar;
  }

  private static scala.collection.Iterable<String> scala() {
    return scala.jdk.javaapi.CollectionConverters.asScala(List.of("a", "b"));
  }

  /** What a driver says when nobody listens at its port. */
  private static SQLException connectionRefused() {
    return sqlException("jdbc:postgresql://127.0.0.1:1/shop", "SELECT 1");
  }

  private static SQLException sqlException(String url, String statement) {
    try (var connection = DriverManager.getConnection(url, "ada", "secret");
        var execution = connection.createStatement()) {
      execution.execute(statement);
      throw new IllegalStateException(url + " does not fail");
    } catch (SQLException e) {
      return e;
    }
  }
}
