package dev.holdfast.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.api.UnencodableValueException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Values that need no setting and no key: the application has no class of its own here, so all that
 * comes back does so by the list. The values are made by the real libraries.
 */
class ListedClassesTest {
  private static final ClassLoader LOADER = ListedClassesTest.class.getClassLoader();
  private static final ClassAllowList LIST =
      new ClassAllowList(
          LOADER, new ClassesByLocation(LOADER, url -> false, url -> false), Set.of());
  private final AttributeCodec codec = new AttributeCodec(LIST);

  /** A value and what to call it. */
  record Case(String name, Object value) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Case> kept() throws Exception {
    return both(ListedJdkValues.kept(), ListedFrameworkValues.kept());
  }

  static List<Case> local() throws Exception {
    return both(ListedJdkValues.local(), ListedFrameworkValues.local());
  }

  private static List<Case> both(List<Case> some, List<Case> others) {
    return Stream.concat(some.stream(), others.stream()).toList();
  }

  @ParameterizedTest
  @MethodSource("kept")
  void comesBackAsJavaSerializationBringsIt(Case kept) throws Exception {
    assertThat(namesThatAreNotListed(kept.value)).as("not listed").isEmpty();
    Object expected = read(stream(kept.value));
    Object read = codec.decode(codec.encode(kept.value));
    assertThat(read).hasSameClassAs(expected);
    if (!kept.value.equals(expected) || !read.equals(expected)) {
      assertThat(stream(read)).isEqualTo(stream(expected));
    }
  }

  /** Of a value that {@code writeReplace} replaces they tell the type of the replacement. */
  @ParameterizedTest
  @MethodSource("kept")
  void theBytesTellTheType(Case kept) throws Exception {
    assertThat(codec.typeOf(codec.encode(kept.value)))
        .isIn(kept.value.getClass().getName(), firstNameIn(stream(kept.value)));
  }

  @ParameterizedTest
  @MethodSource("local")
  void isLeftOutOnPurposeAndCannotBePlanted(Case local) throws Exception {
    assertThat(namesThatAreNotListed(local.value)).isNotEmpty();
    assertThatThrownBy(() -> codec.encode(local.value))
        .isInstanceOf(UnencodableValueException.class)
        .hasMessageContaining("encryption.keys-file");
    ByteArrayOutputStream planted = new ByteArrayOutputStream();
    planted.write(new byte[] {1, 2, 0});
    planted.write(stream(local.value));
    assertThatThrownBy(() -> codec.decode(planted.toByteArray()))
        .isInstanceOf(StoredClassNotAllowedException.class);
  }

  private static byte[] stream(Object value) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(value);
    }
    return bytes.toByteArray();
  }

  private static Object read(byte[] stream) throws Exception {
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(stream))) {
      return in.readObject();
    }
  }

  /** The first class that Java serialization names; empty when it names none, as for a text. */
  private static String firstNameIn(byte[] stream) throws Exception {
    List<String> names = new ArrayList<>();
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(stream)) {
          @Override
          protected Class<?> resolveClass(ObjectStreamClass description)
              throws IOException, ClassNotFoundException {
            names.add(description.getName());
            return super.resolveClass(description);
          }
        }) {
      Object unused = in.readObject();
    }
    return names.isEmpty() ? "" : names.get(0);
  }

  /** Which classes Java serialization names for a value, without those that the list has. */
  private static Set<String> namesThatAreNotListed(Object value) throws IOException {
    Set<String> names = new TreeSet<>();
    try (ObjectOutputStream out =
        new ObjectOutputStream(OutputStream.nullOutputStream()) {
          @Override
          protected void annotateClass(Class<?> type) {
            if (!type.isPrimitive() && !LIST.isAllowed(type.getName())) {
              names.add(type.getName());
            }
          }
        }) {
      out.writeObject(value);
    }
    return names;
  }
}
