package dev.holdfast.codec;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Packages that hold classes known to run code, load classes or reach the network when they are
 * deserialized: those of public gadget collections (ysoserial, marshalsec), and the JDK, where such
 * classes lie beside values. A class there is allowed by its full name only.
 */
final class Gadgets {
  private static final List<String> PACKAGES =
      List.of(
          "java.",
          "jdk.",
          "sun.",
          "javax.imageio.",
          "javax.management.",
          "javax.naming.",
          "javax.print.",
          "javax.rmi.",
          "javax.script.",
          "javax.sql.",
          "javax.swing.",
          "javax.tools.",
          "javax.xml.",
          "com.sun.corba.",
          "com.sun.imageio.",
          "com.sun.jmx.",
          "com.sun.jndi.",
          "com.sun.org.apache.",
          "com.sun.rowset.",
          "com.sun.syndication.",
          "bsh.",
          "clojure.",
          "com.mchange.v2.",
          "com.rometools.rome.",
          "com.vaadin.data.",
          "groovy.lang.",
          "groovy.util.",
          "javassist.",
          "net.bytebuddy.",
          "org.aspectj.weaver.",
          "org.apache.bcel.",
          "org.apache.click.",
          "org.apache.commons.beanutils.",
          "org.apache.commons.beanutils2.",
          "org.apache.commons.collections.",
          "org.apache.commons.collections4.",
          "org.apache.commons.configuration.",
          "org.apache.commons.configuration2.",
          "org.apache.commons.fileupload.",
          "org.apache.commons.fileupload2.",
          "org.apache.myfaces.view.facelets.el.",
          "org.apache.wicket.util.upload.",
          "org.apache.xalan.",
          "org.codehaus.groovy.runtime.",
          "org.hibernate.engine.spi.",
          "org.hibernate.jmx.",
          "org.hibernate.property.",
          "org.hibernate.tuple.",
          "org.jboss.interceptor.",
          "org.jboss.weld.interceptor.",
          "org.mozilla.javascript.",
          "org.python.",
          "org.springframework.aop.",
          "org.springframework.beans.factory.",
          "org.springframework.jndi.",
          "org.springframework.transaction.jta.");

  private Gadgets() {}

  /**
   * The package of gadgets that contains a class or a whole package; null when there is none.
   *
   * @param name of a class, or of a package with a dot at its end
   */
  static @Nullable String around(String name) {
    for (String gadgets : PACKAGES) {
      if (name.startsWith(gadgets)) {
        return gadgets;
      }
    }
    return null;
  }

  /**
   * The packages of gadgets below a package.
   *
   * @param name of the package with a dot at its end
   */
  static List<String> below(String name) {
    return PACKAGES.stream().filter(gadgets -> gadgets.startsWith(name)).toList();
  }
}
