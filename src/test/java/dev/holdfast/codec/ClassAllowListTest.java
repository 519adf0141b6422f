package dev.holdfast.codec;

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
  void whereBytesAreAuthenticEveryClassIsAllowed() {
    ClassAllowList authentic = ClassAllowList.everything(loader);
    for (String name :
        new String[] {
          "org.library.Type",
          "com.acme.shop.Cart",
          "[Lorg.library.Type;",
          "org.apache.commons.collections.functors.InvokerTransformer",
          "java.net.URL"
        }) {
      assertThat(authentic.isAllowed(name)).as(name).isTrue();
    }
    assertThat(authentic.report()).contains("every class").contains("codec.allow is not needed");
  }

  @Test
  void additionsAreNamesOrPackages() {
    assertThat(allowing("org.library.Type").isAllowed("org.library.Type")).isTrue();
    assertThat(allowing("org.library.*").isAllowed("org.library.Type")).isTrue();
    assertThat(allowing("org.lib.*").isAllowed("org.library.Type")).isFalse();
    assertThatThrownBy(() -> allowing("org.library.*Type"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "codec.allow: 'org.library.*Type' is neither a class name nor a package ending in"
                + " '.*'");
    assertThatThrownBy(() -> allowing("*")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void knownGadgetsNeedTheirFullName() {
    String gadget = "org.apache.commons.collections.functors.InvokerTransformer";
    assertThat(allowing(gadget).isAllowed(gadget)).isTrue();
    ClassAllowList above = allowing("org.apache.*", "com.sun.*");
    assertThat(above.isAllowed(gadget)).isFalse();
    assertThat(above.isAllowed("com.sun.rowset.JdbcRowSetImpl")).isFalse();
    assertThat(above.report())
        .contains("org.apache.commons.collections.*", "com.sun.rowset.*", "named in full");
    assertThat(allowing("com.acme.*").report()).doesNotContain("in full");
  }

  @Test
  void aPackageOfGadgetsStopsTheStartInsteadOfHavingNoEffect() {
    for (String pattern :
        new String[] {
          "java.util.*",
          "java.*",
          "sun.*",
          "javax.management.*",
          "com.sun.rowset.*",
          "bsh.*",
          "org.apache.commons.collections.*",
          "org.apache.commons.collections.functors.*",
          "org.springframework.beans.factory.support.*"
        }) {
      assertThatThrownBy(() -> allowing(pattern))
          .as(pattern)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("codec.allow: '" + pattern + "' is refused")
          .hasMessageContaining("Name each class in full");
    }
    assertThatThrownBy(() -> allowing("java.util.*", "sun.*", "no name"))
        .hasMessageContaining("'java.util.*'")
        .hasMessageContaining("'sun.*'")
        .hasMessageContaining("'no name'");
  }

  @Test
  void packagesOfFrameworksThatWereTakenForGadgetsAreAllowedWhenAdded() {
    ClassAllowList added =
        allowing("com.sun.faces.*", "org.jboss.weld.*", "javax.security.auth.*", "javax.money.*");
    for (String name :
        new String[] {
          "com.sun.faces.Anything",
          "org.jboss.weld.bean.Anything",
          "javax.security.auth.Subject",
          "javax.money.Money"
        }) {
      assertThat(added.isAllowed(name)).as(name).isTrue();
    }
  }

  @Test
  void aRemedyNamesOnlyWhatTheSettingTakes() {
    for (String name :
        new String[] {"com.acme.Cart$Line", "Top", "a.B-C", "java.net.URL", "bsh.X", "a.$B"}) {
      assertThat(ClassAllowList.remedies(name)).contains("codec.allow=" + name + " ");
      assertThat(allowing(name).isAllowed(name)).isTrue();
    }
    for (String name :
        new String[] {"a.B$$Lambda/0x0000", "a.with space", "a.B,C", "", "a..b", "a.*"}) {
      assertThat(ClassAllowList.remedies(name))
          .contains("encryption.keys-file")
          .doesNotContain("codec.allow");
    }
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
