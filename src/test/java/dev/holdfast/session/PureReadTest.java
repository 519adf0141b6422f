package dev.holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.codec.testing.GraphRecipe;
import dev.holdfast.codec.testing.Shape;
import dev.holdfast.config.Conflict;
import dev.holdfast.metrics.Measurements;
import dev.holdfast.redis.testing.RunningRedis;
import dev.holdfast.session.SessionManager.Commit;
import java.time.Duration;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** A request that only reads an attribute writes nothing, whatever the attribute is. */
class PureReadTest {
  private static SessionManager here;
  private static SessionManager there;

  @BeforeContainer
  static void openTwoNodes() {
    String uri = RunningRedis.shared().uri();
    here = TestNodes.manager(TestNodes.settings(uri, Conflict.DROP), new Measurements());
    there = TestNodes.manager(TestNodes.settings(uri, Conflict.DROP), new Measurements());
  }

  @AfterContainer
  static void closeThem() {
    here.close();
    there.close();
  }

  @Provide
  Arbitrary<GraphRecipe> graphs() {
    return GraphRecipe.serializable();
  }

  @Property(tries = 150)
  void writesNothing(@ForAll("graphs") GraphRecipe recipe) {
    Object graph = recipe.build();
    Session session = here.create(Duration.ofMinutes(30));
    session.attribute("graph", graph);
    here.commit(session);
    here.release(session);
    for (SessionManager node : new SessionManager[] {there, here, there}) {
      Session read = node.join(session.token()).session();
      assertThat(Shape.of(read.attribute("graph"))).isEqualTo(Shape.of(graph));
      assertThat(node.commit(read)).isEqualTo(Commit.UNCHANGED);
      node.release(read);
    }
  }
}
