package dev.holdfast.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A WAR laid out as containers do; the class files are empty, which shows that none is loaded. */
class ClassAllowListTest {
  @TempDir Path war;
  private URLClassLoader loader;

  @BeforeEach
  void deploy() throws IOException {
    Path classes = war.resolve("WEB-INF/classes");
    Path lib = Files.createDirectories(war.resolve("WEB-INF/lib"));
    for (String name :
        new String[] {"com/acme/shop/Cart", "com/acme/shop/Cart$Line", "TopLevel", "one/Alone"}) {
      Path file = classes.resolve(name + ".class");
      Files.createDirectories(file.getParent());
      Files.createFile(file);
    }
    Path jar = lib.resolve("lib.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      for (String name :
          new String[] {
            "com/acme/shared/User",
            "com/acmeother/Thing",
            "org/library/Type",
            "one/Other",
            "org/apache/commons/collections/functors/InvokerTransformer"
          }) {
        out.putNextEntry(new JarEntry(name + ".class"));
        out.closeEntry();
      }
    }
    loader =
        new URLClassLoader(
            new URL[] {classes.toUri().toURL(), jar.toUri().toURL()},
            ClassLoader.getPlatformClassLoader());
  }

  @AfterEach
  void undeploy() throws IOException {
    loader.close();
  }

  private ClassAllowList allowing(String... additions) {
    return new ClassAllowList(loader, ClassesByLocation.ofWar(loader), Set.of(additions));
  }

  @Test
  void everythingUnderWebInfClassesIsAllowed() {
    assertThat(allowing().isAllowed("com.acme.shop.Cart")).isTrue();
    assertThat(allowing().isAllowed("com.acme.shop.Cart$Line")).isTrue();
    assertThat(allowing().isAllowed("[[Lcom.acme.shop.Cart;")).isTrue();
    assertThat(allowing().isAllowed("TopLevel")).isTrue();
    assertThat(allowing().isAllowed("com.acme.shop.Absent")).isFalse();
  }

  @Test
  void aLibraryIsAllowedInPackagesThatShareTwoSegmentsWithTheApplication() {
    assertThat(allowing().isAllowed("com.acme.shared.User")).isTrue();
    assertThat(allowing().isAllowed("com.acmeother.Thing")).isFalse();
    assertThat(allowing().isAllowed("org.library.Type")).isFalse();
    assertThat(allowing().isAllowed("one.Other")).isFalse();
  }

  @Test
  void whereBytesAreAuthenticEveryLibraryIsAllowedButKnownGadgets() {
    ClassAllowList wide = allowing().withLibraries();
    assertThat(wide.isAllowed("org.library.Type")).isTrue();
    assertThat(wide.isAllowed("com.acme.shop.Cart")).isTrue();
    assertThat(wide.isAllowed("org.library.Absent")).isFalse();
    assertThat(wide.isAllowed("org.apache.commons.collections.functors.InvokerTransformer"))
        .isFalse();
    assertThat(wide.isAllowed("java.lang.ProcessBuilder")).isFalse();
  }

  @Test
  void additionsAreNamesOrPackages() {
    assertThat(allowing("org.library.Type").isAllowed("org.library.Type")).isTrue();
    assertThat(allowing("org.library.*").isAllowed("org.library.Type")).isTrue();
    assertThat(allowing("org.lib.*").isAllowed("org.library.Type")).isFalse();
    assertThatThrownBy(() -> allowing("org.library.*Type"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "codec.allow: 'org.library.*Type' is neither a class name nor a package ending in '.*'");
    assertThatThrownBy(() -> allowing("*")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void knownGadgetsNeedTheirFullName() {
    String gadget = "org.apache.commons.collections.functors.InvokerTransformer";
    assertThat(allowing("org.apache.*").isAllowed(gadget)).isFalse();
    assertThat(allowing(gadget).isAllowed(gadget)).isTrue();
    assertThat(allowing("java.lang.*").isAllowed("java.lang.ProcessBuilder")).isFalse();
  }

  @Test
  void valuesOfTheJdkAreAllowedAndTheRestOfItIsNot() {
    assertThat(allowing().isAllowed("java.util.ArrayList")).isTrue();
    assertThat(allowing().isAllowed("[I")).isTrue();
    assertThat(allowing().isAllowed("[[Ljava.lang.String;")).isTrue();
    assertThat(allowing().isAllowed("java.lang.ProcessBuilder")).isFalse();
    assertThat(allowing().isAllowed("javax.management.BadAttributeValueExpException")).isFalse();
  }
}
