package dev.holdfast.container.contract;

import static dev.holdfast.container.Container.JETTY_12_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.container.Reply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What only Servlet 6.1 has: {@code HttpSession.Accessor}. */
@Area("Servlet 6.1")
@ParameterizedClass(name = "{0}")
@MethodSource("dev.holdfast.container.contract.Subject#withServlet61")
@ExtendWith(ContractRules.class)
class Servlet61ContractIT extends Contract {

  Servlet61ContractIT(Subject subject) {
    super(subject);
  }

  @Test
  @Clause("HttpSession.getAccessor: ISE on an invalidated session")
  @Differs(on = JETTY_12_1, because = "getAccessor() answers on an invalidated session")
  void anInvalidatedSessionHasNoAccessor() {
    assertThat(user.run("keep", "invalidate", "accessor").of("accessor"))
        .startsWith("!java.lang.IllegalStateException");
  }

  @Test
  @Clause("HttpSession.Accessor.access: behaves like a request")
  void anAccessorOpensTheSession() {
    user.run("create");
    Reply reply = user.run("accessor-set color red");

    assertThat(reply.of("accessor-set color red")).isEqualTo("done");
    assertThat(askElsewhere("get color")).isEqualTo("red");
  }
}
