package dev.holdfast.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.codec.forbidden.Marker;
import dev.holdfast.security.ClassAllowList;
import dev.holdfast.security.LearnedClasses;
import dev.holdfast.security.SecurityEvent;
import dev.holdfast.security.SecurityEvent.Kind;
import dev.holdfast.security.SecurityEvents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.DataFormatException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Learning mode of the class allow-list, for staging ({@code codec.learn}). */
class LearningModeTest {
  private static final ClassLoader TESTS = LearningModeTest.class.getClassLoader();
  private static final String ENTRY = Marker.Entry.class.getName();

  @TempDir Path directory;
  private Path file;
  private final List<SecurityEvent> events = new CopyOnWriteArrayList<>();

  @BeforeEach
  void name() {
    file = directory.resolve("learned.properties");
  }

  private ClassAllowList learning(String... additions) {
    LearnedClasses learned =
        new LearnedClasses(file, Set.of(additions), SecurityEvents.to(List.of(events::add)));
    return Codecs.allowing(TESTS, additions).learning(learned);
  }

  private String[] line() throws IOException {
    String line = Files.readAllLines(file).get(1);
    assertThat(line).startsWith("codec.allow=");
    return line.substring("codec.allow=".length()).split(",");
  }

  @Test
  void aClassIsLetThroughOnceToldOfAndInTheFileAsTheLineForProduction() throws IOException {
    AttributeCodec staging = new AttributeCodec(learning("org.acme.Given"), Codecs.MAX_BYTES);
    Object[] value = {new Marker.Entry("x"), new DataFormatException("y"), Marker.Constant.ONE};

    byte[] bytes = staging.encode(value);
    assertThat((Object[]) staging.decode(bytes)).hasSize(3).contains(value[0], value[2]);
    staging.encode(new Marker.Entry("z"));

    assertThat(line())
        .containsExactlyInAnyOrder(
            "org.acme.Given",
            ENTRY,
            Marker.Constant.class.getName(),
            "java.util.zip.DataFormatException");
    assertThat(events).hasSize(3).allMatch(event -> event.kind() == Kind.CLASS_LEARNED);
    assertThat(events).anyMatch(event -> event.detail().contains(ENTRY));

    AttributeCodec production =
        new AttributeCodec(Codecs.allowing(TESTS, line()), Codecs.MAX_BYTES);
    assertThat((Object[]) production.decode(bytes)).hasSize(3);
    assertThatThrownBy(() -> production.encode(new Marker()))
        .isInstanceOf(ClassNotAllowedException.class);
  }

  @Test
  void storedBytesTeachNothing() throws IOException {
    byte[] planted =
        new AttributeCodec(
                Codecs.allowing(TESTS, "dev.holdfast.codec.forbidden.*"), Codecs.MAX_BYTES)
            .encode(new Marker.Entry("x"));
    AttributeCodec staging = new AttributeCodec(learning(), Codecs.MAX_BYTES);

    assertThatThrownBy(() -> staging.decode(planted))
        .isInstanceOf(UndecodableValueException.class)
        .hasMessageContaining("codec.allow");
    assertThat(line()).containsExactly("");
    assertThat(events).isEmpty();
  }

  @Test
  void whatWasLearnedIsReadableAfterARestart() {
    byte[] bytes = new AttributeCodec(learning(), Codecs.MAX_BYTES).encode(new Marker.Entry("x"));
    assertThat(new AttributeCodec(learning(), Codecs.MAX_BYTES).decode(bytes))
        .isEqualTo(new Marker.Entry("x"));
    assertThat(events).hasSize(1);
  }

  @Test
  void gadgetsAreNotLearned() {
    ClassAllowList staging = learning();
    assertThat(staging.admits("org.apache.commons.collections.functors.InvokerTransformer"))
        .isFalse();
    assertThat(staging.admits("[Lorg.codehaus.groovy.runtime.MethodClosure;")).isFalse();
    assertThat(staging.admits("no/name")).isFalse();
    assertThat(staging.report()).contains("0 learned in " + file);
  }

  @Test
  void withoutItNothingIsLearned() {
    ClassAllowList production = Codecs.allowing(TESTS);
    assertThat(production.admits(ENTRY)).isFalse();
    assertThat(production.report()).doesNotContain("learned");
  }

  @Test
  void aFileThatCannotBeWrittenStopsTheStart() {
    file = directory.resolve("missing/learned.properties");
    assertThatThrownBy(this::learning)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("codec.learn: " + file);
  }
}
