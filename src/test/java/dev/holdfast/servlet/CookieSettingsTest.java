package dev.holdfast.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.holdfast.config.CookieSecure;
import jakarta.servlet.ServletContext;
import jakarta.servlet.SessionCookieConfig;
import jakarta.servlet.SessionTrackingMode;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
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

  private static final DeploymentDescriptor NOTHING_SAID =
      new DeploymentDescriptor(Set.of(), Set.of(), DeclaredCookie.NONE, 30, false, List.of());

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
              context, NOTHING_SAID, ContainerCookie.of(context, NOTHING_SAID), secure, app)
          .cookie()
          .describe();
    }
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
