package dev.holdfast.servlet;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.holdfast.config.CookieSecure;
import dev.holdfast.config.Settings;
import dev.holdfast.config.testing.TestSettings;
import dev.holdfast.container.ContainerCookie;
import dev.holdfast.container.DeclaredCookie;
import dev.holdfast.container.DeploymentDescriptor;
import jakarta.servlet.ServletContext;
import jakarta.servlet.SessionCookieConfig;
import jakarta.servlet.SessionTrackingMode;
import java.io.ByteArrayInputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Security checklist 1.2, "SameSite", "Partitioned", "Header injection": what an application may
 * say about its cookie, and what stops it from starting. That containers hand it over is {@code
 * CookieIT}'s.
 */
class CookieSettingsTest {
  private static final int FUZZED = 20_000;
  private static final Map<List<String>, Settings> SETTINGS = new ConcurrentHashMap<>();

  private static final DeploymentDescriptor NOTHING_SAID =
      new DeploymentDescriptor(
          Set.of(), Set.of(), DeclaredCookie.NONE, 30, false, List.of(), Map.of());

  private static final DeploymentDescriptor WRITTEN =
      read(
          """
          <web-app>
            <session-config>
              <session-timeout>5</session-timeout>
              <cookie-config>
                <name>CART</name><domain>shop.example</domain><path>/cart</path>
                <http-only>true</http-only><secure>true</secure><max-age>90</max-age>
                <attribute>
                  <attribute-name>SameSite</attribute-name>
                  <attribute-value>Strict</attribute-value>
                </attribute>
              </cookie-config>
              <tracking-mode>URL</tracking-mode>
            </session-config>
          </web-app>
          """);

  private static DeploymentDescriptor read(String webXml) {
    return DeploymentDescriptor.read(
        answering(
            ServletContext.class,
            Map.of(
                "getResourceAsStream",
                new ByteArrayInputStream(webXml.getBytes(StandardCharsets.UTF_8)))));
  }

  @Test
  void whatTheContainerDoesNotTellOfTimeOutAndTrackingIsReadInWebXml() {
    assertThat(WRITTEN.sessionTimeout()).isEqualTo(5);
    assertThat(WRITTEN.declaredModes()).containsExactly(SessionTrackingMode.URL);
    assertThat(NOTHING_SAID.declaredModes()).containsExactly(SessionTrackingMode.COOKIE);
  }

  /** What web.xml and initializers have said, as every container gives it. */
  private record Said(String name, String path, String domain, Map<String, String> attributes) {

    String cookie(CookieSecure secure) {
      return cookie(secure, "shop");
    }

    String cookie(CookieSecure secure, String app) {
      SessionCookieConfig config =
          answering(
              SessionCookieConfig.class,
              Map.of("getMaxAge", -1, "isSecure", false, "getAttributes", attributes),
              "getName",
              name,
              "getPath",
              path,
              "getDomain",
              domain);
      Set<SessionTrackingMode> modes = Set.of(SessionTrackingMode.COOKIE);
      ServletContext context =
          answering(
              ServletContext.class,
              Map.of(
                  "getContextPath",
                  "/shop",
                  "getSessionCookieConfig",
                  config,
                  "getEffectiveSessionTrackingModes",
                  modes,
                  "getDefaultSessionTrackingModes",
                  modes));
      return SessionTracking.read(
              context,
              NOTHING_SAID,
              ContainerCookie.of(context, NOTHING_SAID),
              settings("cookie.secure", secure.name(), "app", app))
          .cookie()
          .describe();
    }
  }

  /** Read once for each choice: the fuzzed cookies are many. */
  private static Settings settings(String... namesAndValues) {
    return SETTINGS.computeIfAbsent(
        List.of(namesAndValues),
        written -> TestSettings.of("redis://localhost", written.toArray(String[]::new)));
  }

  private static <T> T answering(
      Class<T> type, Map<String, Object> answers, String... moreAnswers) {
    Map<String, Object> all = new HashMap<>(answers);
    for (int i = 0; i < moreAnswers.length; i += 2) {
      all.put(moreAnswers[i], moreAnswers[i + 1]);
    }
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              if (!all.containsKey(method.getName())) {
                throw new UnsupportedOperationException(method.getName());
              }
              return all.get(method.getName());
            }));
  }

  private static Said attributes(Map<String, String> attributes) {
    return new Said(null, null, null, attributes);
  }

  @ParameterizedTest
  @CsvSource({
    "'', '', SameSite=Lax",
    "SameSite, Lax, SameSite=Lax",
    "samesite, Strict, SameSite=Strict",
    "SameSite, None, SameSite=None",
    "Partitioned, true, SameSite=None; Partitioned",
    "partitioned, '', SameSite=None; Partitioned",
    "Partitioned, false, SameSite=Lax",
    "Priority, High, SameSite=Lax; Priority=High"
  })
  void whatIsSaidIsSentWithSecure(String name, String value, String sent) {
    assertThat(
            attributes(name.isEmpty() ? Map.of() : Map.of(name, value)).cookie(CookieSecure.ALWAYS))
        .isEqualTo("__Host-shop-sid=...; Path=/; Secure; HttpOnly; " + sent);
  }

  @Test
  void theNameFollowsThatOfTheApplication() {
    assertThat(attributes(Map.of()).cookie(CookieSecure.ALWAYS, "a.b_1-c"))
        .startsWith("__Host-a.b_1-c-sid=");
    assertThat(attributes(Map.of()).cookie(CookieSecure.ALWAYS, "root"))
        .as("only what is at the root has the short name")
        .startsWith("__Host-root-sid=");
  }

  @ParameterizedTest
  @EnumSource(
      value = CookieSecure.class,
      names = {"AUTO", "NEVER"})
  void whatBrowsersTakeOnlyWithSecureIsRefusedWithout(CookieSecure secure) {
    for (Map<String, String> attributes :
        List.of(Map.of("samesite", "none"), Map.of("partitioned", "true"))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> attributes(attributes).cookie(secure))
          .withMessageContaining("cookie.secure=always");
    }
    for (String name : List.of("__Host-x", "__host-x", "__Secure-x")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new Said(name, null, null, Map.of()).cookie(secure))
          .withMessageContaining("cookie.secure=always");
    }
  }

  @Test
  void aPartitionedCookieThatStaysAtHomeIsAContradiction() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                attributes(Map.of("Partitioned", "true", "SameSite", "Strict"))
                    .cookie(CookieSecure.ALWAYS))
        .withMessageContaining("SameSite=Strict");
    assertThat(
            attributes(Map.of("Partitioned", "true", "SameSite", "None"))
                .cookie(CookieSecure.ALWAYS))
        .endsWith("SameSite=None; Partitioned");
  }

  @Test
  void aPrefixThatIsAskedForByNameWithAPathOrDomainIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Said("__Host-x", "/cart", null, Map.of()).cookie(CookieSecure.ALWAYS))
        .withMessageContaining("needs Path=/");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new Said("__HOST-x", null, "shop.example", Map.of()).cookie(CookieSecure.ALWAYS))
        .withMessageContaining("no Domain");
  }

  /** Payara 6 and 7 throw in getAttributes(); the proxy throws in all that it was not given. */
  @Test
  void whereTheContainerDoesNotTellAttributesThoseOfWebXmlCount() {
    SessionCookieConfig config =
        answering(
            SessionCookieConfig.class,
            Map.of("getName", "SHOP", "getMaxAge", 60, "isSecure", false),
            "getPath",
            null,
            "getDomain",
            null);

    assertThat(cookieOf(config, NOTHING_SAID))
        .isEqualTo("SHOP=...; Path=/shop; Max-Age=60; Secure; HttpOnly; SameSite=Lax");
    assertThat(cookieOf(config, WRITTEN)).endsWith("SameSite=Strict");
  }

  @Test
  void whereTheContainerHasNoConfigurationThatOfWebXmlCounts() {
    SessionCookieConfig mute = answering(SessionCookieConfig.class, Map.of());
    for (SessionCookieConfig config : Arrays.asList(null, mute)) {
      assertThat(cookieOf(config, WRITTEN))
          .startsWith("CART=...; ")
          .contains("Path=/cart", "Domain=shop.example", "Max-Age=90", "SameSite=Strict");
      assertThat(cookieOf(config, NOTHING_SAID)).startsWith("__Host-shop-sid=...; Path=/;");
    }
    ServletContext silent = answering(ServletContext.class, Map.of("getContextPath", "/shop"));
    assertThat(ContainerCookie.of(silent, WRITTEN).name()).isEqualTo("CART");
  }

  @Test
  void aNameThatTheContainersCookieHasLeftIsStillTheConfiguredOne() {
    String[] name = {"SHOP"};
    SessionCookieConfig config =
        (SessionCookieConfig)
            Proxy.newProxyInstance(
                SessionCookieConfig.class.getClassLoader(),
                new Class<?>[] {SessionCookieConfig.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("setName")) {
                    name[0] = (String) arguments[0];
                    return null;
                  }
                  return method.getName().equals("getName") ? name[0] : null;
                });
    ServletContext context =
        answering(
            ServletContext.class,
            Map.of("getContextPath", "/shop", "getSessionCookieConfig", config));
    ContainerCookie cookie = ContainerCookie.of(context, NOTHING_SAID);

    cookie.leaveName();
    cookie.leaveName();

    assertThat(name[0]).isEqualTo("SHOP-container");
    assertThat(cookie.name()).isEqualTo("SHOP");
    name[0] = "LATER";
    assertThat(cookie.name()).as("said since by a listener").isEqualTo("LATER");
  }

  private static SessionTracking routed(Set<SessionTrackingMode> modes, String... settings) {
    ServletContext context =
        answering(
            ServletContext.class,
            Map.of(
                "getContextPath",
                "/a.b-c",
                "getSessionCookieConfig",
                answering(
                    SessionCookieConfig.class,
                    Map.of("getMaxAge", 90, "isSecure", false, "getAttributes", Map.of()),
                    "getName",
                    "SHOP",
                    "getPath",
                    "/a.b-c",
                    "getDomain",
                    "shop.example"),
                "getEffectiveSessionTrackingModes",
                modes,
                "getDefaultSessionTrackingModes",
                Set.of(SessionTrackingMode.COOKIE, SessionTrackingMode.SSL)));
    List<String> all = new ArrayList<>(List.of("route", "node-1", "app", "a.b-c"));
    all.addAll(List.of(settings));
    return SessionTracking.read(
        context,
        NOTHING_SAID,
        ContainerCookie.of(context, NOTHING_SAID),
        settings(all.toArray(String[]::new)));
  }

  @Test
  void theCookieForTheNodeIsThatOfTheSessionUnderAnotherName() {
    Set<SessionTrackingMode> modes = Set.of(SessionTrackingMode.COOKIE);
    SessionTracking tracking = routed(modes);

    assertThat(requireNonNull(tracking.route()).cookie())
        .as("nginx reads a cookie of this name")
        .isEqualTo(tracking.cookie().named("a_b_c_route"));
    assertThat(requireNonNull(requireNonNull(tracking.route()).cookie()).describe())
        .startsWith("a_b_c_route=...; Path=/a.b-c; Domain=shop.example; Max-Age=90; Secure;");
    assertThat(routed(modes, "route.cookie", "lb").route())
        .isEqualTo(new NodeRoute("node-1", tracking.cookie().named("lb")));
    assertThat(routed(modes, "route.as", "suffix").route())
        .isEqualTo(new NodeRoute("node-1", null));
  }

  @Test
  void whatTellsNobodyTheNodeStopsTheStart() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> routed(Set.of(SessionTrackingMode.COOKIE), "route.cookie", "SHOP"))
        .withMessage("route.cookie = SHOP: the session's cookie has this name; choose another");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> routed(Set.of(SessionTrackingMode.URL)))
        .withMessageContaining("no tracking mode COOKIE: set route.as=suffix");
    assertThat(routed(Set.of(SessionTrackingMode.URL), "route.as", "suffix").suffix())
        .isEqualTo(".node-1");
  }

  private static String cookieOf(SessionCookieConfig config, DeploymentDescriptor descriptor) {
    Map<String, Object> answers = new HashMap<>();
    answers.put("getContextPath", "/shop");
    answers.put("getSessionCookieConfig", config);
    ServletContext context = answering(ServletContext.class, answers);
    return SessionTracking.read(
            context, descriptor, ContainerCookie.of(context, descriptor), settings())
        .cookie()
        .describe();
  }

  /** Whatever is said, the header has one line and no attribute that was not asked for. */
  @Test
  void noSettingGetsOutOfItsPlaceInTheHeader() {
    Random random = new Random(31);
    int accepted = 0;
    for (int i = 0; i < FUZZED; i++) {
      Said said =
          new Said(
              random.nextBoolean() ? null : text(random),
              random.nextBoolean() ? null : "/" + text(random),
              random.nextBoolean() ? null : text(random),
              Map.of("X" + text(random), text(random)));
      String header;
      try {
        header = said.cookie(CookieSecure.ALWAYS);
      } catch (IllegalArgumentException refused) {
        continue;
      }
      accepted++;
      int wanted = 5 + (said.domain == null || said.domain.isBlank() ? 0 : 1);
      boolean off = said.attributes.containsValue("false");
      assertThat(header.chars()).as(said.toString()).allMatch(c -> c > 0x1f && c < 0x7f);
      assertThat(header.split(";")).as(said.toString()).hasSize(wanted + (off ? 0 : 1));
    }
    assertThat(accepted).isBetween(FUZZED / 100, FUZZED * 9 / 10);
  }

  private static String text(Random random) {
    String alphabet = "aZ09-._=/ ";
    String hostile = "\r\n;\u0000\u007f\u010d\u560d\t,\"";
    StringBuilder text = new StringBuilder();
    for (int length = random.nextInt(6); length > 0; length--) {
      String from = random.nextInt(12) == 0 ? hostile : alphabet;
      text.append(from.charAt(random.nextInt(from.length())));
    }
    return text.toString();
  }
}
