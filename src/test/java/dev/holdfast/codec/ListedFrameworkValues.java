package dev.holdfast.codec;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ArrayListMultimap;
import com.google.common.collect.EvictingQueue;
import com.google.common.collect.HashBasedTable;
import com.google.common.collect.HashBiMap;
import com.google.common.collect.HashMultimap;
import com.google.common.collect.HashMultiset;
import com.google.common.collect.ImmutableBiMap;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableMultiset;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSetMultimap;
import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.ImmutableSortedSet;
import com.google.common.collect.ImmutableTable;
import com.google.common.collect.LinkedHashMultimap;
import com.google.common.collect.LinkedHashMultiset;
import com.google.common.collect.LinkedListMultimap;
import com.google.common.collect.Ordering;
import com.google.common.collect.Range;
import com.google.common.collect.TreeMultimap;
import com.google.common.collect.TreeMultiset;
import com.google.protobuf.ByteString;
import com.google.protobuf.StringValue;
import dev.holdfast.codec.ListedClassesTest.Case;
import groovy.lang.GString;
import groovy.lang.IntRange;
import java.lang.reflect.Constructor;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kotlin.collections.CollectionsKt;
import org.apache.shiro.session.mgt.SimpleSession;
import org.apache.shiro.subject.SimplePrincipalCollection;
import org.apache.struts.action.ActionErrors;
import org.apache.struts.action.ActionMessage;
import org.apache.struts.action.ActionMessages;
import org.apache.struts.config.FormPropertyConfig;
import org.apache.struts2.ActionInvocation;
import org.apache.wicket.pageStore.SerializedPage;
import org.apereo.cas.client.authentication.AttributePrincipalImpl;
import org.apereo.cas.client.validation.AssertionImpl;
import org.codehaus.groovy.runtime.GStringImpl;
import org.jboss.weld.bean.StringBeanIdentifier;
import org.jboss.weld.contexts.beanstore.LockStore;
import org.jboss.weld.contexts.conversation.ConversationIdGenerator;
import org.joda.time.DateTime;
import org.joda.time.DateTimeZone;
import org.joda.time.Interval;
import org.joda.time.LocalDateTime;
import org.pac4j.cas.profile.CasProfile;
import org.pac4j.core.profile.CommonProfile;
import org.pac4j.oidc.profile.OidcProfile;
import org.primefaces.model.DefaultScheduleModel;
import org.primefaces.model.DefaultTreeNode;
import org.primefaces.model.DualListModel;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.authentication.OAuth2AuthenticationToken;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.security.oauth2.core.oidc.OidcIdToken;
import org.springframework.security.oauth2.core.oidc.OidcUserInfo;
import org.springframework.security.oauth2.core.oidc.user.DefaultOidcUser;
import org.springframework.security.oauth2.core.oidc.user.OidcUserAuthority;
import org.springframework.security.oauth2.core.user.DefaultOAuth2User;
import org.springframework.security.oauth2.core.user.OAuth2UserAuthority;
import org.springframework.security.saml2.provider.service.authentication.DefaultSaml2AuthenticatedPrincipal;
import org.springframework.security.saml2.provider.service.authentication.Saml2Authentication;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.web.servlet.FlashMap;
import org.springframework.webflow.conversation.ConversationParameters;

/** Values of frameworks and libraries, made by them, for {@link ListedClassesTest}. */
final class ListedFrameworkValues {
  private static final List<Case> CASES = new ArrayList<>();
  private static final Instant NOON = Instant.parse("2026-11-29T12:00:00Z");
  private static final List<SimpleGrantedAuthority> USER =
      List.of(new SimpleGrantedAuthority("ROLE_USER"));

  private ListedFrameworkValues() {}

  private static void add(String name, Object value) {
    CASES.add(new Case(name, value));
  }

  static List<Case> kept() throws Exception {
    CASES.clear();
    spring();
    identities();
    guava();
    joda();
    languages();
    faces();
    struts();
    weld();
    return List.copyOf(CASES);
  }

  private static void spring() {
    FlashMap flash = new FlashMap();
    flash.put("message", "saved");
    flash.setTargetRequestPath("/orders");
    flash.addTargetRequestParam("id", "7");
    flash.startExpirationPeriod(60);
    add("Spring MVC flash", new ArrayList<>(List.of(flash)));
    LinkedMultiValueMap<String, String> parameters = new LinkedMultiValueMap<>();
    parameters.add("a", "1");
    add("Spring multi-value map", parameters);
    Map<String, Object> attributes = Map.of("sub", "ada", "roles", List.of("x"));
    DefaultOAuth2User user =
        new DefaultOAuth2User(List.of(new OAuth2UserAuthority(attributes)), attributes, "sub");
    add("OAuth2 login", new OAuth2AuthenticationToken(user, USER, "acme"));
    OidcIdToken token = new OidcIdToken("t", NOON, NOON.plusSeconds(60), Map.of("sub", "ada"));
    OidcUserInfo info = new OidcUserInfo(Map.of("sub", "ada", "email", "ada@shop.example"));
    DefaultOidcUser oidc =
        new DefaultOidcUser(List.of(new OidcUserAuthority(token, info)), token, info);
    add("OIDC login", new OAuth2AuthenticationToken(oidc, USER, "acme"));
    OAuth2AccessToken access =
        new OAuth2AccessToken(
            OAuth2AccessToken.TokenType.BEARER, "a", NOON, NOON.plusSeconds(60), Set.of("openid"));
    ClientRegistration client =
        ClientRegistration.withRegistrationId("acme")
            .clientId("shop")
            .clientSecret("secret")
            .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
            .redirectUri("https://shop.example/login")
            .authorizationUri("https://id.example/authorize")
            .tokenUri("https://id.example/token")
            .scope("openid")
            .build();
    add(
        "OAuth2 client",
        new OAuth2AuthorizedClient(client, "ada", access, new OAuth2RefreshToken("r", NOON)));
    add(
        "OAuth2 request",
        OAuth2AuthorizationRequest.authorizationCode()
            .authorizationUri("https://id.example/authorize")
            .clientId("shop")
            .state("s")
            .additionalParameters(Map.of("nonce", "n"))
            .build());
    add("OAuth2 failure", new OAuth2AuthenticationException("invalid_token"));
    Map<String, List<Object>> saml = new LinkedHashMap<>(Map.of("mail", List.of("ada@x")));
    add(
        "SAML login",
        new Saml2Authentication(
            new DefaultSaml2AuthenticatedPrincipal("ada", saml, List.of("i")), "<r/>", USER));
  }

  private static void identities() {
    SimplePrincipalCollection principals = new SimplePrincipalCollection("ada", "ini");
    principals.add(7L, "ldap");
    add("Shiro principals", principals);
    add("Shiro run-as stack", new ArrayList<>(List.of(principals)));
    SimpleSession session = new SimpleSession("host");
    session.setId("id");
    session.setAttribute("a", 1);
    add("Shiro session", session);
    CommonProfile common = new CommonProfile();
    common.setId("ada");
    common.addAttribute("email", "ada@shop.example");
    common.addRole("ROLE_USER");
    add("pac4j profiles", new LinkedHashMap<>(Map.of("FormClient", common)));
    OidcProfile oidc = new OidcProfile();
    oidc.setId("ada");
    oidc.setIdTokenString("t");
    add("pac4j OIDC profile", oidc);
    CasProfile cas = new CasProfile();
    cas.setId("ada");
    add("pac4j CAS profile", cas);
    add(
        "CAS assertion",
        new AssertionImpl(
            new AttributePrincipalImpl("ada", Map.of("role", "user")),
            new Date(1),
            new Date(2),
            new Date(3),
            Map.of("a", "b")));
    add(
        "CAS assertion of version 3",
        new org.jasig.cas.client.validation.AssertionImpl(
            new org.jasig.cas.client.authentication.AttributePrincipalImpl(
                "ada", Map.of("role", "user")),
            new Date(1),
            new Date(2),
            new Date(3),
            Map.of("a", "b")));
    add("JavaMelody's activation listener", new net.bull.javamelody.SessionListener(true));
  }

  private static void guava() {
    add("Guava ImmutableList", ImmutableList.of(1, 2, 3));
    add("Guava ImmutableList of one", ImmutableList.of(1));
    add("Guava ImmutableSet", ImmutableSet.of(1, 2));
    add("Guava ImmutableMap", ImmutableMap.of("a", 1, "b", 2));
    add("Guava ImmutableBiMap", ImmutableBiMap.of("a", 1, "b", 2));
    add("Guava ImmutableSortedMap", ImmutableSortedMap.of("a", 1, "b", 2));
    add("Guava ImmutableSortedSet", ImmutableSortedSet.of("a", "b"));
    add("Guava ImmutableMultiset", ImmutableMultiset.of("a", "a", "b"));
    add("Guava ImmutableListMultimap", ImmutableListMultimap.of("a", 1, "a", 2));
    add("Guava ImmutableSetMultimap", ImmutableSetMultimap.of("a", 1, "a", 2));
    add("Guava ImmutableTable", ImmutableTable.of("r", "c", 1));
    HashMultimap<String, Integer> hash = HashMultimap.create();
    hash.put("a", 1);
    add("Guava HashMultimap", hash);
    add("Guava LinkedHashMultimap", LinkedHashMultimap.create(hash));
    add("Guava ArrayListMultimap", ArrayListMultimap.create(hash));
    add("Guava LinkedListMultimap", LinkedListMultimap.create(hash));
    add("Guava TreeMultimap", TreeMultimap.create(hash));
    add("Guava HashMultiset", HashMultiset.create(List.of(1, 1, 2)));
    add("Guava LinkedHashMultiset", LinkedHashMultiset.create(List.of(1, 1, 2)));
    add("Guava TreeMultiset", TreeMultiset.create(List.of(1, 1, 2)));
    add("Guava HashBiMap", HashBiMap.create(Map.of("a", 1)));
    HashBasedTable<String, String, Integer> table = HashBasedTable.create();
    table.put("r", "c", 1);
    add("Guava HashBasedTable", table);
    add("Guava Range", Range.closedOpen(1, 5));
    add("Guava Range without end", Range.greaterThan(1));
    add("Guava Optional", com.google.common.base.Optional.of("x"));
    add("Guava Optional absent", com.google.common.base.Optional.absent());
    add("Guava natural order", Ordering.natural().reverse());
    add("Guava EvictingQueue", EvictingQueue.create(3));
    add("Guava HashCode", com.google.common.hash.HashCode.fromInt(7));
    add("Guava UnsignedLong", com.google.common.primitives.UnsignedLong.valueOf(7));
    add("Guava ImmutableIntArray", com.google.common.primitives.ImmutableIntArray.of(1, 2));
    add("Guava ints", com.google.common.primitives.Ints.asList(1, 2));
    add("Guava HostAndPort", com.google.common.net.HostAndPort.fromParts("shop.example", 80));
  }

  private static void joda() {
    DateTime time = new DateTime(2026, 11, 29, 12, 0, DateTimeZone.forID("Europe/Paris"));
    add("Joda DateTime", time);
    add(
        "Joda DateTime of another chronology",
        time.withChronology(org.joda.time.chrono.BuddhistChronology.getInstance()));
    add("Joda LocalDate", time.toLocalDate());
    add("Joda LocalTime", time.toLocalTime());
    add("Joda LocalDateTime", new LocalDateTime(2026, 1, 1, 0, 0));
    add("Joda YearMonth", new org.joda.time.YearMonth(2026, 1));
    add("Joda MonthDay", new org.joda.time.MonthDay(1, 2));
    add("Joda Instant", time.toInstant());
    add("Joda Duration", org.joda.time.Duration.standardHours(3));
    add("Joda Period", new org.joda.time.Period(1, 2, 3, 4));
    add("Joda Days", org.joda.time.Days.THREE);
    add(
        "Joda amounts",
        new ArrayList<>(
            List.of(
                org.joda.time.Hours.ONE,
                org.joda.time.Minutes.ONE,
                org.joda.time.Seconds.ONE,
                org.joda.time.Weeks.ONE,
                org.joda.time.Months.ONE,
                org.joda.time.Years.ONE)));
    add("Joda Interval", new Interval(time, time.plusDays(1)));
    add("Joda MutableDateTime", time.toMutableDateTime());
    add("Joda zone", DateTimeZone.forOffsetHours(3));
    add("Joda fixed zone", DateTimeZone.UTC);
    add("Joda failure", new org.joda.time.IllegalFieldValueException("day", "x"));
  }

  private static void languages() throws Exception {
    ObjectNode node = JsonNodeFactory.instance.objectNode().put("a", 1).put("b", true);
    node.putArray("c").add("x").addNull();
    add("Jackson object", node);
    add("Jackson text", JsonNodeFactory.instance.textNode("x"));
    add("Jackson decimal", JsonNodeFactory.instance.numberNode(new java.math.BigDecimal("1.5")));
    add("Jackson null", JsonNodeFactory.instance.nullNode());
    add("Jackson boolean", JsonNodeFactory.instance.booleanNode(true));
    add("Jackson missing", JsonNodeFactory.instance.missingNode());
    add("Kotlin Pair", new kotlin.Pair<>("a", 1));
    add("Kotlin Triple", new kotlin.Triple<>("a", 1, 2L));
    add("Kotlin empty list", CollectionsKt.emptyList());
    add("Kotlin empty map", kotlin.collections.MapsKt.emptyMap());
    add("Kotlin empty set", kotlin.collections.SetsKt.emptySet());
    add("Kotlin Regex", new kotlin.text.Regex("a+"));
    add("Kotlin lazy", initialised(kotlin.LazyKt.lazy(() -> "x")));
    add("Kotlin DurationUnit", kotlin.time.DurationUnit.DAYS);
    add("Kotlin list", new ArrayList<>(CollectionsKt.listOf("a", "b")));
    add("Scala Some", scala.Some.apply("x"));
    add("Scala None", scala.Option.empty());
    add("Scala tuple", new scala.Tuple2<>("a", 1));
    add("Scala tuple of three", new scala.Tuple3<>("a", 1, 2));
    add("Scala Right", new scala.util.Right<>("x"));
    add("Scala Left", new scala.util.Left<>("x"));
    add("Scala Success", new scala.util.Success<>("x"));
    add("Scala Failure", new scala.util.Failure<>(new IllegalStateException("x")));
    add("Scala List", scala.jdk.javaapi.CollectionConverters.asScala(List.of(1, 2)).toList());
    add("Scala Vector", scala.jdk.javaapi.CollectionConverters.asScala(List.of(1, 2)).toVector());
    add("Scala Set", scala.jdk.javaapi.CollectionConverters.asScala(List.of(1, 2)).toSet());
    add(
        "Scala Set of six",
        scala.jdk.javaapi.CollectionConverters.asScala(List.of(1, 2, 3, 4, 5, 6)).toSet());
    add(
        "Scala Map",
        scala.collection.immutable.Map$.MODULE$.from(
            scala.jdk.javaapi.CollectionConverters.asScala(Map.of("a", 1))));
    add("Scala BigDecimal", new scala.math.BigDecimal(new java.math.BigDecimal("1.5")));
    add("Scala BigInt", scala.math.BigInt.apply(7));
    add("Vavr Tuple", io.vavr.Tuple.of("a", 1, 2L));
    add(
        "Vavr tuples",
        new ArrayList<>(
            List.of(
                io.vavr.Tuple.empty(),
                io.vavr.Tuple.of(1),
                io.vavr.Tuple.of(1, 2),
                io.vavr.Tuple.of(1, 2, 3, 4),
                io.vavr.Tuple.of(1, 2, 3, 4, 5),
                io.vavr.Tuple.of(1, 2, 3, 4, 5, 6),
                io.vavr.Tuple.of(1, 2, 3, 4, 5, 6, 7),
                io.vavr.Tuple.of(1, 2, 3, 4, 5, 6, 7, 8))));
    add("Vavr Option", io.vavr.control.Option.of("x"));
    add("Vavr None", io.vavr.control.Option.none());
    add("Vavr Either", io.vavr.control.Either.right("x"));
    add("Vavr Left", io.vavr.control.Either.left("x"));
    add("Vavr Try", io.vavr.control.Try.success("x"));
    add("Vavr failed Try", io.vavr.control.Try.failure(new IllegalStateException("x")));
    add("Vavr Valid", io.vavr.control.Validation.valid("x"));
    add("Vavr Invalid", io.vavr.control.Validation.invalid("x"));
    add("Vavr List", io.vavr.collection.List.of(1, 2));
    add("Vavr Nil", io.vavr.collection.List.empty());
    add("Vavr Vector", io.vavr.collection.Vector.of("a", "b"));
    add("Vavr Array", io.vavr.collection.Array.of("a", "b"));
    add("Vavr Queue", io.vavr.collection.Queue.of("a", "b"));
    add("Vavr HashMap", io.vavr.collection.HashMap.of("a", 1, "b", 2));
    add("Vavr empty HashMap", io.vavr.collection.HashMap.empty());
    add("Vavr LinkedHashMap", io.vavr.collection.LinkedHashMap.of("a", 1, "b", 2));
    add("Vavr HashSet", io.vavr.collection.HashSet.of("a", "b"));
    add("Vavr LinkedHashSet", io.vavr.collection.LinkedHashSet.of("a", "b"));
    add("Vavr CharSeq", io.vavr.collection.CharSeq.of("ab"));
    add("Groovy range", new IntRange(1, 5));
    add("Groovy tuple", new groovy.lang.Tuple2<>("a", 1));
    add("Groovy string", new ArrayList<>(List.of(gstring())));
    add("protobuf ByteString", ByteString.copyFromUtf8("x"));
  }

  private static GString gstring() {
    return new GStringImpl(new Object[] {"ada"}, new String[] {"hello ", ""});
  }

  private static Object initialised(kotlin.Lazy<String> lazy) {
    lazy.getValue();
    return lazy;
  }

  private static void faces() {
    DefaultTreeNode<String> root = new DefaultTreeNode<>("root", null);
    root.getChildren().add(new DefaultTreeNode<>("leaf", null));
    add("PrimeFaces tree", root);
    add(
        "PrimeFaces pick list",
        new DualListModel<>(new ArrayList<>(List.of("a")), new ArrayList<>()));
    add("PrimeFaces schedule", new DefaultScheduleModel());
  }

  /** Struts makes some of its values itself, in classes of its own; these are made as it does. */
  private static void struts() throws Exception {
    Object nothing =
        made("org.apache.struts2.interceptor.ScopeInterceptor$NULLClass", new Class<?>[0]);
    add("Struts 7, a null in the session scope", new HashMap<>(Map.of("seats", nothing)));
    Class<?>[] types = {ActionInvocation.class, String.class};
    String context = "org.apache.struts2.util.InvocationSessionStore$InvocationContext";
    add(
        "Struts 7, a token's submission",
        new HashMap<>(Map.of("token", made(context, types, null, "t"))));
    ActionErrors errors = new ActionErrors();
    errors.add("name", new ActionMessage("errors.required", "name", 3));
    errors.add(ActionMessages.GLOBAL_MESSAGE, new ActionMessage("sold out", false));
    add("Struts 1 errors", errors);
    ActionMessages messages = new ActionMessages();
    messages.add(errors);
    add("Struts 1 messages", messages);
  }

  private static void weld() {
    add("Weld's lock", new LockStore());
    add("Weld's numbers of conversations", new ConversationIdGenerator());
    add("Weld's name of a bean", new StringBeanIdentifier("com.example.Cart"));
  }

  private static Object made(String className, Class<?>[] types, Object... arguments)
      throws Exception {
    Constructor<?> constructor = Class.forName(className).getDeclaredConstructor(types);
    constructor.setAccessible(true);
    return constructor.newInstance(arguments);
  }

  static List<Case> local() throws Exception {
    CASES.clear();
    OidcIdToken token =
        new OidcIdToken(
            "t",
            NOON,
            NOON.plusSeconds(60),
            Map.of("sub", "ada", "iss", URI.create("https://id.example").toURL()));
    add("OIDC user with an issuer", new DefaultOidcUser(USER, token));
    add("protobuf message", StringValue.of("x"));
    add("Wicket's serialized page", new SerializedPage(1, new byte[] {1}));
    add("Kotlin list builder", kotlinBuilt());
    add("Struts 1 description of a form", new FormPropertyConfig("seats", "int", "0"));
    add("Web Flow parameters", new ConversationParameters("a", "b", "c"));
    return List.copyOf(CASES);
  }

  private static Iterable<String> kotlinBuilt() {
    List<String> builder = CollectionsKt.createListBuilder();
    builder.add("a");
    return CollectionsKt.build(builder);
  }
}
