package dev.holdfast.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.api.UnencodableValueException;
import java.io.IOException;
import java.lang.reflect.Field;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Values written by one version of an application and read by the next, each with a class loader of
 * its own.
 */
class EvolutionTest {
  @TempDir Path directory;
  private final List<URLClassLoader> loaders = new ArrayList<>();

  private final class Version {
    final ClassLoader loader;
    final AttributeCodec codec;

    /**
     * @param sources simple class name to the body of its source, package shop
     */
    Version(Map<String, String> sources) throws IOException {
      Path root = Files.createTempDirectory(directory, "version");
      List<String> arguments = new ArrayList<>(List.of("-proc:none", "-d", root.toString()));
      for (Map.Entry<String, String> source : sources.entrySet()) {
        Path file = root.resolve(source.getKey() + ".java");
        Files.writeString(file, "package shop; " + source.getValue());
        arguments.add(file.toString());
      }
      int result =
          ToolProvider.getSystemJavaCompiler()
              .run(null, null, null, arguments.toArray(new String[0]));
      assertThat(result).isZero();
      String place = root.toUri().toURL().toString();
      URLClassLoader child =
          new URLClassLoader(
              new URL[] {root.toUri().toURL()}, EvolutionTest.class.getClassLoader());
      loaders.add(child);
      loader = child;
      codec =
          new AttributeCodec(
              new ClassAllowList(
                  child,
                  new ClassesByLocation(
                      child, url -> url.toString().startsWith(place), url -> false),
                  Set.of()),
              Codecs.MAX_BYTES);
    }

    Object make(String className) throws ReflectiveOperationException {
      return loader.loadClass("shop." + className).getDeclaredConstructor().newInstance();
    }
  }

  @AfterEach
  void close() throws IOException {
    for (URLClassLoader loader : loaders) {
      loader.close();
    }
  }

  private static Object get(Object bean, String name) throws ReflectiveOperationException {
    Field field = bean.getClass().getDeclaredField(name);
    field.setAccessible(true);
    return field.get(bean);
  }

  @Test
  void aClassOnlyTheApplicationsLoaderSees() throws Exception {
    Version version = new Version(Map.of("Cart", "public class Cart { String owner = \"Ada\"; }"));
    Object cart = version.make("Cart");
    Object read = version.codec.decode(version.codec.encode(cart));
    assertThat(read.getClass()).isSameAs(cart.getClass());
    assertThat(get(read, "owner")).isEqualTo("Ada");
  }

  @Test
  void aClassOfAnotherApplicationWithTheSameNameIsRefused() throws Exception {
    Map<String, String> source = Map.of("Cart", "public class Cart { String owner = \"Ada\"; }");
    Version one = new Version(source);
    Version other = new Version(source);
    assertThatThrownBy(() -> one.codec.encode(other.make("Cart")))
        .isInstanceOf(UnencodableValueException.class)
        .hasMessageContaining("another class of that name");
  }

  @Test
  void fieldsComeAndGoAndWiden() throws Exception {
    Version before =
        new Version(
            Map.of(
                "Cart",
                "public class Cart { String gone = \"gone\"; int count = 3; int boxed = 4; Integer unboxed = 5;"
                    + " String kept = \"kept\"; float price = 1.5f; }"));
    Version after =
        new Version(
            Map.of(
                "Base",
                "public class Base { String kept; }",
                "Cart",
                "public class Cart extends Base { String added = \"new\"; long count; Integer boxed; int unboxed;"
                    + " double price; String kept() { return kept; } }"));
    Object read = after.codec.decode(before.codec.encode(before.make("Cart")));
    assertThat(get(read, "added")).isEqualTo("new");
    assertThat(get(read, "count")).isEqualTo(3L);
    assertThat(get(read, "boxed")).isEqualTo(4);
    assertThat(get(read, "unboxed")).isEqualTo(5);
    assertThat(get(read, "price")).isEqualTo(1.5);
    Field kept = read.getClass().getSuperclass().getDeclaredField("kept");
    kept.setAccessible(true);
    assertThat(kept.get(read)).isEqualTo("kept");
  }

  /** A whole number becomes a floating-point one with all its digits or not at all. */
  @Test
  void aNumberThatWouldLoseDigitsIsNotRead() throws Exception {
    record Change(String before, String after, boolean exact) {}
    for (Change change :
        List.of(
            new Change("int n = 16777216", "float n", true),
            new Change("int n = 16777217", "float n", false),
            new Change("int n = 16777217", "double n", true),
            new Change("Integer n = 16777217", "float n", false),
            new Change("long n = 9007199254740992L", "double n", true),
            new Change("long n = 9007199254740993L", "double n", false),
            new Change("Long n = 9007199254740993L", "double n", false),
            new Change("long n = Long.MAX_VALUE", "double n", false),
            new Change("long n = Long.MIN_VALUE", "float n", true),
            new Change("long n = Long.MAX_VALUE", "float n", false))) {
      Version before =
          new Version(Map.of("Cart", "public class Cart { %s; }".formatted(change.before)));
      Version after =
          new Version(Map.of("Cart", "public class Cart { %s; }".formatted(change.after)));
      Object cart = before.make("Cart");
      byte[] bytes = before.codec.encode(cart);
      if (change.exact) {
        double read = ((Number) get(after.codec.decode(bytes), "n")).doubleValue();
        assertThat(read).as("%s", change).isEqualTo(((Number) get(cart, "n")).doubleValue());
      } else {
        assertThatThrownBy(() -> after.codec.decode(bytes))
            .as("%s", change)
            .isInstanceOf(UndecodableValueException.class)
            .hasMessageContaining("n of shop.Cart");
      }
    }
  }

  /** What Kryo's own serializer reads wrong: everything after a lost field refers into it. */
  @Test
  void aLostFieldWhoseClassIsGoneTooTakesNothingAlong() throws Exception {
    String address = "public class Address { String city = \"Berlin\"; }";
    Version before =
        new Version(
            Map.of(
                "Address",
                address,
                "Colour",
                "public enum Colour { RED }",
                "Gone",
                "public class Gone { Colour c = Colour.RED; Address first; Gone[] more = {null}; Class<?> k = Gone.class;"
                    + " java.util.Map<Object, Object> map = new java.util.HashMap<>(java.util.Map.of(Colour.RED, 1)); }",
                "Cart",
                "public class Cart { Gone a = new Gone(); Address home = new Address(); Address work = home;"
                    + " Cart self = this; { a.first = home; } }"));
    Version after =
        new Version(
            Map.of(
                "Address",
                address,
                "Cart",
                "public class Cart { Address home; Address work; Cart self; }"));
    Object read = after.codec.decode(before.codec.encode(before.make("Cart")));
    assertThat(get(get(read, "home"), "city")).isEqualTo("Berlin");
    assertThat(get(read, "work")).isSameAs(get(read, "home"));
    assertThat(get(read, "self")).isSameAs(read);
  }

  @Test
  void aClassThatIsGoneWhereItIsNeededIsNamed() throws Exception {
    String cart = "public class Cart { Object item = new Item(); }";
    Version before = new Version(Map.of("Item", "public class Item {}", "Cart", cart));
    Version after = new Version(Map.of("Cart", "public class Cart { Object item; }"));
    byte[] bytes = before.codec.encode(before.make("Cart"));
    assertThatThrownBy(() -> after.codec.decode(bytes))
        .isInstanceOf(UndecodableValueException.class)
        .hasMessageContaining("'shop.Item'");
  }

  @Test
  void aFieldOfAnotherTypeAndAConstantThatIsGoneAreNamed() throws Exception {
    Version before =
        new Version(
            Map.of(
                "Colour", "public enum Colour { RED, BLUE }",
                "Cart", "public class Cart { Object colour = Colour.BLUE; }",
                "Order", "public class Order { String number = \"7\"; }"));
    Version after =
        new Version(
            Map.of(
                "Colour", "public enum Colour { GREEN, RED }",
                "Cart", "public class Cart { Object colour; }",
                "Order", "public class Order { int number; }"));
    byte[] cart = before.codec.encode(before.make("Cart"));
    byte[] order = before.codec.encode(before.make("Order"));
    assertThatThrownBy(() -> after.codec.decode(cart))
        .hasMessage("The enum shop.Colour has no constant BLUE any more");
    assertThatThrownBy(() -> after.codec.decode(order))
        .isInstanceOf(UndecodableValueException.class)
        .hasMessageContaining("number of shop.Order is a int now")
        .hasMessageContaining("java.lang.String");
  }
}
