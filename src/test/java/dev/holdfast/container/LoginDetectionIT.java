package dev.holdfast.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * Security checklist 1.1, "Rotation for legacy apps that only setAttribute" and "What rotation
 * leaves": a cookie from before a login never leads to who logged in, on either node, whatever way
 * the application does it.
 */
@AnyContainer(Container.TOMCAT_11)
class LoginDetectionIT {

  private final ContainerNode one;
  private final ContainerNode two;
  private final Browser victim;

  LoginDetectionIT(Container container) {
    one = SecurityNodes.of(container).one();
    two = SecurityNodes.of(container).two();
    victim = one.browser("/shop");
  }

  /** A session from before the login, whose cookie somebody may have planted. */
  private String planted() {
    victim.run("set color red");
    return cookieHeader(victim);
  }

  private static String cookieHeader(Browser browser) {
    return browser.cookies().entrySet().stream()
        .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
        .findFirst()
        .orElseThrow();
  }

  private void assertLeadsNowhere(String cookie) {
    for (ContainerNode node : List.of(one, two)) {
      assertThat(victim.at(node).runWithCookies(cookie, "session").of("session")).isEqualTo("none");
    }
  }

  private void assertIsLoggedIn(String name, String value) {
    for (ContainerNode node : List.of(one, two)) {
      assertThat(victim.at(node).run("get " + name).of("get " + name)).isEqualTo(value);
    }
  }

  @Test
  void anApplicationThatOnlySetsAnAttribute() {
    String planted = planted();

    Reply login = victim.run("events", "set user alice", "get color", "events");

    assertThat(login.setCookies()).hasSize(1);
    assertThat(login.of("get color")).isEqualTo("red");
    assertThat(login.all("events").get(1)).contains("sessionIdChanged");
    assertThat(cookieHeader(victim)).isNotEqualTo(planted);
    assertIsLoggedIn("user", "alice");
    assertLeadsNowhere(planted);
    assertThat(one.log()).contains("ID_ROTATED session=").contains("the attribute user");
  }

  @Test
  void anApplicationThatForwardsAfterwards() {
    String planted = planted();

    Reply login = victim.run("set principal alice", "forward " + Browser.probe("get principal"));

    assertThat(login.of("get principal")).isEqualTo("alice");
    assertThat(login.setCookies()).hasSize(1);
    assertIsLoggedIn("principal", "alice");
    assertLeadsNowhere(planted);
  }

  @Test
  void anApplicationThatRedirectsAfterwards() {
    String planted = planted();

    Reply login = victim.run("set username alice", "redirect /");

    assertThat(login.status()).isEqualTo(302);
    assertThat(login.setCookies()).hasSize(1);
    assertIsLoggedIn("username", "alice");
    assertLeadsNowhere(planted);
  }

  @Test
  void anApplicationThatSends64KilobytesFirstLosesTheSessionAndTheLogSaysWhy() {
    String planted = planted();

    victim.run(
        "as late", "quiet", "print-chars 65536", "flush", "committed", "set user alice", "session");

    assertThat(victim.at(two).run("session").of("session")).isEqualTo("none");
    assertLeadsNowhere(planted);
    String late = victim.run("recall late").of("recall late");
    assertThat(late).contains("committed -> true").contains("session -> none");
    assertThat(late).contains("set user alice -> !java.lang.IllegalStateException");
    assertThat(Complaints.of(one))
        .anyMatch(
            line ->
                line.contains("LATE_LOGIN")
                    && line.contains("the attribute user")
                    && line.contains("the session has been ended"));
  }

  @Test
  void anApplicationThatBeginsANewSession() {
    String planted = planted();

    Reply login = victim.run("invalidate", "create", "set user alice");

    assertThat(login.setCookies()).hasSize(1);
    assertIsLoggedIn("user", "alice");
    assertLeadsNowhere(planted);
  }

  @Test
  void aFirstVisitThatIsALoginHasOneIdAlsoWhenThePageWasSentBefore() {
    Reply login = victim.run("events", "create", "flush", "set user alice", "get user", "events");

    assertThat(login.of("get user")).isEqualTo("alice");
    assertThat(login.all("events").get(1)).doesNotContain("sessionIdChanged");
    assertIsLoggedIn("user", "alice");
  }

  @Test
  void anApplicationThatChangesTheIdItselfIsLeftAlone() {
    String planted = planted();

    Reply login = victim.run("events", "rotate", "id", "set user alice", "id", "events");

    assertThat(login.all("id").get(0)).isEqualTo(login.all("id").get(1));
    assertThat(login.all("events").get(1).split("sessionIdChanged", -1)).hasSize(2);
    assertThat(login.setCookies()).hasSize(1);
    assertIsLoggedIn("user", "alice");
    assertLeadsNowhere(planted);
  }

  @Test
  void anotherUserAndOtherRolesAreANewIdAndTheSameAreNot() {
    planted();
    victim.run("set user alice", "set-list roles user");
    String before = cookieHeader(victim);

    assertThat(victim.run("set user alice", "set-list roles user").setCookies()).isEmpty();
    assertThat(victim.run("set-list roles user,admin").setCookies()).hasSize(1);
    String after = cookieHeader(victim);
    assertThat(after).isNotEqualTo(before);
    assertThat(victim.run("set user bob").setCookies()).hasSize(1);
    assertThat(cookieHeader(victim)).isNotEqualTo(after);
    assertLeadsNowhere(before);
    assertLeadsNowhere(after);
  }

  @Test
  void aUserBeanThatIsReplacedOnEveryRequestIsOneLogin() {
    planted();
    assertThat(victim.run("set-cart user").setCookies()).hasSize(1);
    assertThat(victim.run("set-cart user").setCookies()).isEmpty();
    assertThat(victim.at(two).run("set-cart user").setCookies()).isEmpty();
  }

  @Test
  void anAsynchronousLogin() {
    String planted = planted();

    Reply login = victim.run("async", "set user alice", "get user");

    assertThat(login.of("get user")).isEqualTo("alice");
    assertThat(login.setCookies()).hasSize(1);
    assertIsLoggedIn("user", "alice");
    assertLeadsNowhere(planted);
  }

  @Test
  void aLoginByAThreadThatHasNotAskedTheRequestEndsTheSession() {
    String planted = planted();

    Reply login = victim.run("set-by-thread user alice", "session");

    assertThat(login.of("set-by-thread user alice")).contains("no request acts on this thread");
    assertThat(login.of("session")).isEqualTo("none");
    assertLeadsNowhere(planted);
  }

  @Test
  void aLoginByAThreadThatAsksTheRequestForItsSession() {
    String planted = planted();

    Reply login = victim.run("by-thread set user alice", "get user");

    assertThat(login.of("get user")).isEqualTo("alice");
    assertThat(login.setCookies()).hasSize(1);
    assertIsLoggedIn("user", "alice");
    assertLeadsNowhere(planted);
  }

  @Test
  void aRequestThatWasOnItsWayWithTheOldCookieSavesNothingUnderIt() {
    String planted = planted();
    String gate = "on-its-way-" + one.pid();
    CompletableFuture<Reply> slow =
        victim.at(two).start("get color", "gate " + gate, "set color stolen");
    victim.at(two).runWithCookies("", "reached " + gate);

    victim.run("set user alice");
    victim.at(two).runWithCookies("", "open " + gate);

    assertThat(slow.join().status()).as("fenced").isEqualTo(409);
    assertIsLoggedIn("color", "red");
    assertLeadsNowhere(planted);
  }

  @Test
  void aLoginAtTheContainerThatComesTooLateEndsTheSessionToo() {
    String planted = planted();

    victim.run("quiet", "flush", "login root toor");

    assertLeadsNowhere(planted);
    assertThat(victim.run("user").of("user")).isEqualTo("null false");
    assertThat(Complaints.of(one)).anyMatch(line -> line.contains("LATE_LOGIN"));
  }

  @Test
  void startingFreshDropsWhatWasThereBeforeTheLogin() {
    Browser user = victim.at("/fresh");
    user.run("set planted evil", "set-list cart rope", "set lang en");

    user.run("set csrf new", "set user alice", "set color red");

    assertThat(user.run("names").of("names")).isEqualTo("[cart, color, csrf, lang, user]");
    user.run("set page 2", "set user alice");
    assertThat(user.run("names").of("names"))
        .as("the same user again is no login")
        .isEqualTo("[cart, color, csrf, lang, page, user]");
    user.run("login root toor");
    assertThat(user.run("names").of("names")).isEqualTo("[cart, lang]");
  }

  @Test
  void switchedOffItSaysSoAtStartAndLeavesTheIdAlone() {
    Browser user = victim.at("/off");
    user.run("set color red");

    assertThat(user.run("set user alice").setCookies()).isEmpty();
    assertThat(Complaints.of(one)).anyMatch(line -> line.contains("login.detection=off"));
  }
}
