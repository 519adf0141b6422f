package dev.holdfast.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OptionsTest {
  @TempDir Path home;

  @BeforeEach
  void placeAWar() throws IOException {
    Files.createFile(home.resolve("holdfast-demo.war"));
  }

  @Test
  void twoNodesOnLoopbackWithoutAnyOption() throws Options.Faults {
    Options options = parse();
    assertThat(options.ports()).containsExactly(8081, 8082);
    assertThat(options.bind()).isEqualTo("127.0.0.1");
    assertThat(options.war()).isEqualTo(home.resolve("holdfast-demo.war"));
  }

  @Test
  void portsFollowTheFirstOne() throws Options.Faults {
    assertThat(parse("--nodes", "3", "--port=9000").ports()).containsExactly(9000, 9001, 9002);
  }

  @Test
  void portsOneByOne() throws Options.Faults {
    assertThat(parse("--ports", "9005,9001").ports()).containsExactly(9005, 9001);
  }

  @Test
  void allFaultsAreListedAtOnce() {
    assertThatThrownBy(
            () -> parse("--nodes", "9", "--port", "x", "--color", "--war", "/no/such.war"))
        .isInstanceOf(Options.Faults.class)
        .hasMessageContaining("--nodes 9: must be a number from 1 to 8")
        .hasMessageContaining("--port x: must be a number from 1 to 65535")
        .hasMessageContaining("--color: no such option")
        .hasMessageContaining("--war /no/such.war: no such file");
  }

  @Test
  void refusesWhatContradictsItself() {
    assertThatThrownBy(() -> parse("--ports", "9001,9001", "--nodes", "2"))
        .hasMessageContaining("a port stands there twice")
        .hasMessageContaining("--nodes: not together with --ports");
    assertThatThrownBy(() -> parse("--port", "65535")).hasMessageContaining("no room for 2 nodes");
    assertThatThrownBy(() -> parse("--port", "9001", "--port", "9002"))
        .hasMessageContaining("--port: given twice");
    assertThatThrownBy(() -> parse("--bind")).hasMessageContaining("--bind: the value is missing");
  }

  @Test
  void saysWhereItLookedForTheWar() throws IOException {
    Files.delete(home.resolve("holdfast-demo.war"));
    assertThatThrownBy(this::parse)
        .hasMessageContaining(home.resolve("holdfast-demo.war").toString())
        .hasMessageContaining("--war");
  }

  private Options parse(String... args) throws Options.Faults {
    return Options.parse(args, home);
  }
}
