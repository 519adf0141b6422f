package dev.holdfast.container.contract;

import static dev.holdfast.container.Container.JETTY_12_0;
import static dev.holdfast.container.Container.JETTY_12_1;
import static dev.holdfast.container.Container.JETTY_12_1_EE8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.container.Browser;
import dev.holdfast.container.Reply;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes into a session, and what comes out in the next request. */
@Area("Attributes")
@EachSubject
class AttributeContractIT extends Contract {

  AttributeContractIT(Subject subject) {
    super(subject);
  }

  @Test
  @Clause("HttpSession.setAttribute, getAttribute, removeAttribute")
  void anAttributeIsSetReplacedAndRemoved() {
    user.run("set color red", "set size 7");
    assertThat(askElsewhere("get color")).isEqualTo("red");
    elsewhere.run("set color blue", "remove size");

    Reply reply = user.run("get color", "get size", "names");
    assertThat(reply.of("get color")).isEqualTo("blue");
    assertThat(reply.of("get size")).isEqualTo("null");
    assertThat(reply.of("names")).isEqualTo("[color]");
  }

  @Test
  @Clause("HttpSession.setAttribute: null removes; removeAttribute of an absent name does nothing")
  void settingNullRemovesAndAbsentNamesAreFine() {
    user.run("set color red");
    Reply reply = user.run("set-null color", "set-null absent", "remove absent", "names");

    assertThat(reply.of("set-null absent")).isEqualTo("done");
    assertThat(reply.of("remove absent")).isEqualTo("done");
    assertThat(reply.of("names")).isEqualTo("[]");
    assertThat(askElsewhere("get color")).isEqualTo("null");
  }

  @Test
  @Clause("null names: setAttribute(null) is an illegal argument")
  @Differs(
      on = {JETTY_12_0, JETTY_12_1, JETTY_12_1_EE8},
      because = "setAttribute(null, value) throws NullPointerException")
  void aNullNameCannotBeSet() {
    user.run("create");

    assertThat(ask("null-set")).startsWith("!java.lang.IllegalArgumentException");
  }

  @ParameterizedTest
  @ValueSource(strings = {"null-get", "null-remove"})
  @Clause("null names: getAttribute(null) is null, removeAttribute(null) does nothing")
  @Differs(
      on = {JETTY_12_0, JETTY_12_1, JETTY_12_1_EE8},
      because = "getAttribute(null) and removeAttribute(null) throw NullPointerException")
  void aNullNameIsNobodys(String step) {
    user.run("create");

    assertThat(ask(step)).doesNotStartWith("!");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "m:v",
        "m:h",
        "m:",
        "a:color",
        "r:color",
        "__id__",
        "lastAccessedTime",
        "creationTime",
        "sessionAttr:x",
        "",
        "{x}",
        "*",
        "%D0%BA%D0%BB%D1%8E%D1%87",
        "%F0%9F%99%82",
        "with%20blank",
        "%00",
        "%0D%0ASet-Cookie%3A%20a%3Db"
      })
  @Clause("trap 9; defect 13: names that look like metadata, empty, any Unicode")
  void anyNameIsAName(String name) {
    user.run("set plain x", "set " + name + " value", "set " + name + " other");

    Reply reply = elsewhere.run("get " + name, "get plain");
    assertThat(reply.of("get " + name)).isEqualTo("other");
    assertThat(reply.of("get plain")).isEqualTo("x");
    elsewhere.run("remove " + name);
    assertThat(ask("names")).isEqualTo("[plain]");
  }

  @Test
  @Clause("trap 9: a name of 64 KB")
  void aNameOf64KilobytesIsAName() {
    user.run("set-named-by 65536 value");

    assertThat(askElsewhere("names")).hasSize(65536 + 2);
  }

  @Test
  @Clause("defect 13: getAttributeNames returns metadata")
  @Differs(
      on = {JETTY_12_0, JETTY_12_1, JETTY_12_1_EE8},
      because = "after a login an attribute of the container is among the names")
  void theNamesAreThoseOfTheApplication() {
    user.run("login alice wonderland", "create", "max-inactive 600", "set color red");

    assertThat(askElsewhere("names")).isEqualTo("[color]");
  }

  @Test
  @Clause("trap 10: read twice in one request it is the same instance")
  void readTwiceItIsTheSameInstance() {
    user.run("set-cart cart");

    assertThat(askElsewhere("same-instance cart")).isEqualTo("true");
  }

  @Test
  @Clause("trap 10: attributes that share an object share it while resident")
  void attributesThatShareAnObjectShareItOnTheSameNode() {
    user.run("create", "share a b");

    assertThat(ask("shared a b")).isEqualTo("true");
  }

  @Test
  @Clause("defect 10: objects changed in place are lost")
  void whatIsChangedInPlaceIsSaved() {
    user.run("set-list basket apple", "set-cart cart");
    user.run("add basket pear", "add cart rope");

    assertThat(askElsewhere("get basket")).isEqualTo("[apple, pear]");
    assertThat(askElsewhere("get cart")).isEqualTo("nobody[rope]");
  }

  @Test
  @Clause("same value again: setting what was there signals a change")
  void settingTheSameObjectAgainSavesWhatIsInIt() {
    user.run("set-list basket apple");
    user.run("add basket pear", "set-again basket");

    assertThat(askElsewhere("get basket")).isEqualTo("[apple, pear]");
  }

  @Test
  @Clause("defect 15: a pure read reverts another node's write")
  void aReadRevertsNothing() {
    user.run("set color red", "set-list basket apple");
    String gate = newGate();
    CompletableFuture<Reply> slow = user.start("get color", "get basket", "gate " + gate);
    stranger().run("reached " + gate);
    elsewhere.run("set color blue", "add basket pear");
    stranger().run("open " + gate);
    assertThat(slow.join().status()).isEqualTo(200);

    for (Reply reply :
        new Reply[] {
          user.run("get color", "get basket"), elsewhere.run("get color", "get basket")
        }) {
      assertThat(reply.of("get color")).isEqualTo("blue");
      assertThat(reply.of("get basket")).isEqualTo("[apple, pear]");
    }
  }

  @Test
  @Clause("defect 19: two nodes overwrite each other's attributes")
  void twoRequestsThatSetDifferentAttributesBothCount() {
    user.run("create");
    String gate = newGate();
    CompletableFuture<Reply> slow = user.start("set color red", "gate " + gate, "set size 7");
    stranger().run("reached " + gate);
    elsewhere.run("set shape round");
    stranger().run("open " + gate);
    assertThat(slow.join().status()).isEqualTo(200);

    assertThat(ask("names")).isEqualTo("[color, shape, size]");
    assertThat(askElsewhere("names")).isEqualTo("[color, shape, size]");
  }

  @Test
  @Clause("trap 17: many threads of one request")
  void manyThreadsOfOneRequestLoseNothing() {
    Reply reply = user.run("create", "set-in-parallel n 200");

    assertThat(reply.of("set-in-parallel n 200")).isEqualTo("done");
    assertThat(askElsewhere("names").split(",")).hasSize(200);
  }

  @Test
  @Clause("a large value")
  void aLargeValueIsKept() {
    user.run("set-bytes blob 300000");

    assertThat(askElsewhere("get blob")).isEqualTo("byte[300000]");
  }

  @Test
  @Clause("containers: a class of the web application in the session")
  void aClassOfTheApplicationComesBackAsItself() {
    user.run("set-cart cart");

    assertThat(askElsewhere("type cart")).isEqualTo("dev.holdfast.container.app.Cart");
  }

  @Test
  @Clause("cross-context: an attribute belongs to one application")
  void anotherApplicationHasAttributesOfItsOwn() {
    user.run("set color red");
    Browser configured = user.at(subject().pathOfConfigured());
    configured.run("set color blue");

    assertThat(ask("get color")).isEqualTo("red");
    assertThat(configured.run("get color").of("get color")).isEqualTo("blue");
  }
}
