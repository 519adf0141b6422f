package dev.holdfast.preflight;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.container.WarBuilder;
import dev.holdfast.preflight.Finding.Severity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Small WARs, each with one thing that matters, compiled by javac. */
class PreflightTest {
  private static final String SHOP =
      "package com.acme.shop; import jakarta.servlet.http.*; import java.util.*; import java.io.*; ";
  private static final String CART =
      SHOP + "public class Cart implements Serializable { Item first; String note; }";
  private static final String ITEM = SHOP + "public class Item { String name; }";

  @TempDir Path directory;

  /** A servlet whose doGet is this. */
  private static String servlet(String body) {
    return SHOP
        + "public class Shop extends HttpServlet {"
        + " Object unknown;"
        + " protected void doGet(HttpServletRequest request, HttpServletResponse response) {"
        + " HttpSession session = request.getSession(); "
        + body
        + " } }";
  }

  private static PreflightReport report(Path war) {
    try {
      return Preflight.of(war);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private PreflightReport of(WarBuilder war) {
    return report(war.packedIn(directory));
  }

  private PreflightReport setting(String body) {
    return of(Compiled.war(directory, servlet(body), CART, ITEM));
  }

  private static Finding finding(PreflightReport report, Severity severity, String subject) {
    return report.findings().stream()
        .filter(found -> found.severity() == severity && found.subject().equals(subject))
        .findFirst()
        .orElseThrow(() -> new AssertionError(severity + " " + subject + " in\n" + report));
  }

  private static void assertNothing(PreflightReport report, String subject) {
    assertThat(report.findings()).as(report.toString()).noneMatch(f -> f.subject().equals(subject));
  }

  // Attributes

  @Test
  void whatIsKeptIsNamedWithItsClass() {
    PreflightReport report =
        setting(
            "session.setAttribute(\"user\", \"ada\");"
                + " session.setAttribute(\"visits\", 3);"
                + " request.getSession().setAttribute(\"items\", new ArrayList<String>());"
                + " session.setAttribute(\"one\", new Item());");
    assertThat(finding(report, Severity.OK, "attributes").meaning())
        .contains("user: java.lang.String")
        .contains("visits: java.lang.Integer")
        .contains("items: java.util.ArrayList")
        .contains("one: com.acme.shop.Item");
    assertThat(report.worst()).isEqualTo(Severity.NOTE);
  }

  @Test
  void aThreadALambdaAndAStreamStayOnTheirNode() {
    PreflightReport report =
        setting(
            "session.setAttribute(\"worker\", new Thread());"
                + " Runnable later = () -> {}; session.setAttribute(\"later\", later);"
                + " try { InputStream in = request.getInputStream();"
                + " session.setAttribute(\"upload\", in); } catch (IOException e) { }"
                + " java.sql.Connection db = null; if (request.isSecure()) db = connect();"
                + " session.setAttribute(\"db\", db); } java.sql.Connection connect() { return null;");
    assertThat(finding(report, Severity.WARNING, "java.lang.Thread").meaning())
        .contains("worker")
        .contains("com.acme.shop.Shop.doGet")
        .contains("stays on its node");
    assertThat(finding(report, Severity.WARNING, "java.lang.Runnable").meaning())
        .contains("later")
        .contains("lambda");
    assertThat(finding(report, Severity.WARNING, "jakarta.servlet.ServletInputStream").meaning())
        .contains("upload")
        .contains("belongs to the container");
    assertThat(finding(report, Severity.WARNING, "java.sql.Connection").meaning())
        .contains("db")
        .contains("something of this JVM");
  }

  @Test
  void aSerializableLambdaIsKept() {
    PreflightReport report =
        setting(
            "Runnable later = (Runnable & Serializable) () -> {};"
                + " session.setAttribute(\"later\", later);");
    assertNothing(report, "java.lang.Runnable");
  }

  @Test
  void aPlainClassInASerializableOneIsNamedByItsField() {
    PreflightReport report = setting("session.setAttribute(\"cart\", new Cart());");
    assertThat(finding(report, Severity.WARNING, "com.acme.shop.Cart").meaning())
        .contains("cart")
        .contains("com.acme.shop.Item")
        .contains("first")
        .contains("codec.plain=com.acme.shop.Item");
  }

  @ParameterizedTest
  @ValueSource(strings = {"codec.plain", "holdfast.codec.plain"})
  void codecPlainInTheWarCounts(String name) {
    WarBuilder war =
        Compiled.war(directory, servlet("session.setAttribute(\"cart\", new Cart());"), CART, ITEM)
            .resource("WEB-INF/classes/holdfast.properties", name + "=com.acme.shop.Item\n");
    assertNothing(of(war), "com.acme.shop.Cart");
  }

  @Test
  void eitherOfTwoClassesIsSeen() {
    PreflightReport report =
        setting(
            "Object value = request.isSecure() ? new Item() : new Thread();"
                + " session.setAttribute(\"either\", value);");
    finding(report, Severity.WARNING, "java.lang.Thread");
    assertThat(finding(report, Severity.OK, "attributes").meaning()).contains("either");
  }

  @Test
  void whatTheCodeDoesNotTellIsSaidToBeUnknown() {
    PreflightReport report = setting("session.setAttribute(\"what\", unknown);");
    assertThat(finding(report, Severity.NOTE, "attributes").meaning()).contains("what");
  }

  @Test
  void aMethodThatPassesItsParameterOnIsFollowedToItsCallers() {
    String passing =
        SHOP
            + "public class Store { static void put(long unused, HttpSession s, String name,"
            + " Object value) { s.setAttribute(name, value); } }";
    PreflightReport report =
        of(
            Compiled.war(
                directory, servlet("Store.put(1L, session, \"worker\", new Thread());"), passing));
    assertThat(finding(report, Severity.WARNING, "java.lang.Thread").meaning()).contains("worker");

    PreflightReport uncalled = of(Compiled.war(directory, passing));
    assertThat(finding(uncalled, Severity.NOTE, "attributes").meaning()).contains("Store.put");
  }

  /** Java's class files may have names that no compiler gives. */
  @ParameterizedTest
  @ValueSource(strings = {"T'`$(id)'\"  ", "Tag\u001b-2J", "Tag\u0007$abcdef"})
  void whatAShellOrATerminalWouldObeyIsNoNameToAllow(String name) {
    String plain = "Tag" + "x".repeat(name.length() - 3);
    Map<String, byte[]> all =
        Compiled.classes(
            directory,
            servlet("session.setAttribute(\"a\", new org.other." + plain + "());"),
            "package org.other; public class " + plain + " implements java.io.Serializable { }");
    byte[] shop = renamed(all.get("com/acme/shop/Shop.class"), plain, name);
    byte[] tag = renamed(all.get("org/other/" + plain + ".class"), plain, name);
    WarBuilder war = WarBuilder.empty().webXml("");
    war.bytes("WEB-INF/classes/com/acme/shop/Shop.class", shop);
    war.bytes("WEB-INF/lib/other.jar", Compiled.jar(Map.of("org/other/" + name + ".class", tag)));

    PreflightReport report = of(war);

    assertThat(report.findings())
        .as(report.toString())
        .anySatisfy(found -> assertThat(found.subject()).startsWith("org.other.T"));
    assertThat(report.allow()).isEmpty();
    assertThat(report.toString()).doesNotContain("codec.allow", "CODEC_ALLOW", "\u001b", "\u0007");
  }

  /** With another name of the same length in its constants. */
  private static byte[] renamed(byte[] classFile, String from, String to) {
    return new String(classFile, ISO_8859_1).replace(from, to).getBytes(ISO_8859_1);
  }

  @Test
  void aLibrarysClassNeedsAKeyOrItsName() {
    Map<String, byte[]> library =
        Compiled.classes(
            directory, "package org.other; public class Tag implements java.io.Serializable { }");
    Map<String, byte[]> shared =
        Compiled.classes(
            directory,
            "package com.acme.shared; public class Tag implements java.io.Serializable { }");
    WarBuilder war = WarBuilder.empty().webXml("");
    Map<String, byte[]> all =
        Compiled.classes(
            directory,
            servlet(
                "session.setAttribute(\"a\", new org.other.Tag());"
                    + " session.setAttribute(\"b\", new com.acme.shared.Tag());"),
            "package org.other; public class Tag implements java.io.Serializable { }",
            "package com.acme.shared; public class Tag implements java.io.Serializable { }");
    war.bytes("WEB-INF/classes/com/acme/shop/Shop.class", all.get("com/acme/shop/Shop.class"));
    war.bytes("WEB-INF/lib/other.jar", Compiled.jar(library));
    war.bytes("WEB-INF/lib/shared.jar", Compiled.jar(shared));

    for (PreflightReport report : new PreflightReport[] {of(war), report(war.in(directory))}) {
      assertThat(finding(report, Severity.WARNING, "org.other.Tag").remedy())
          .contains("encryption key")
          .contains("codec.allow=org.other.Tag");
      assertThat(report.allow()).containsExactly("org.other.Tag");
      assertNothing(report, "com.acme.shared.Tag");
    }
  }

  @Test
  void aValueThatListensNeedsNoServletApiToBeJudged() {
    PreflightReport report =
        of(
            Compiled.war(
                directory,
                servlet("session.setAttribute(\"ear\", new Ear());"),
                SHOP + "public class Ear implements HttpSessionBindingListener, Serializable { }"));
    assertThat(finding(report, Severity.OK, "attributes").meaning()).contains("ear");
    finding(report, Severity.OK, "binding and activation listeners");
  }

  @Test
  void aClassWhoseSuperclassTheContainerBringsIsNotKnown() {
    Map<String, byte[]> all =
        Compiled.classes(
            directory,
            servlet("session.setAttribute(\"row\", new Row());"),
            SHOP + "public class Row extends com.server.Base { Thread thread; }",
            "package com.server; public class Base { }");
    WarBuilder war = WarBuilder.empty().webXml("");
    for (String path : new String[] {"com/acme/shop/Shop.class", "com/acme/shop/Row.class"}) {
      war.bytes("WEB-INF/classes/" + path, all.get(path));
    }
    PreflightReport report = of(war);
    assertThat(finding(report, Severity.NOTE, "attributes").meaning()).contains("row");
    assertNothing(report, "com.acme.shop.Row");
  }

  @Test
  void aSessionBeanOfAPageIsJudged() {
    WarBuilder war =
        Compiled.war(directory, ITEM)
            .resource(
                "a.jsp", "<jsp:useBean id=\"t\" class='java.lang.Thread' scope=\"session\"/>");
    assertThat(finding(of(war), Severity.WARNING, "java.lang.Thread").meaning()).contains("a.jsp");
  }

  @Test
  void underDistributableItIsRefused() {
    WarBuilder war =
        Compiled.war(directory, servlet("session.setAttribute(\"worker\", new Thread());"))
            .webXml("<distributable/>");
    PreflightReport report = of(war);
    finding(report, Severity.NOTE, "<distributable/>");
    assertThat(finding(report, Severity.WARNING, "java.lang.Thread").meaning())
        .contains("setAttribute refuses it");
  }

  // Servlet level

  @Test
  void aJavaxApplicationIsToldWhichJarItTakes() {
    Map<String, byte[]> api =
        Compiled.classes(
            directory,
            "package javax.servlet.http; public interface HttpSession { }",
            "package com.acme; public class Old { javax.servlet.http.HttpSession session; }");
    WarBuilder war =
        WarBuilder.empty()
            .webXml("")
            .bytes("WEB-INF/classes/com/acme/Old.class", api.get("com/acme/Old.class"));
    PreflightReport report = of(war);
    Finding level = finding(report, Severity.NOTE, "javax.servlet");
    assertThat(level.meaning()).contains("com.acme.Old");
    assertThat(level.remedy()).contains("-all-javax.jar", "Tomcat 9", "jakartaee-migration");
    assertThat(finding(report, Severity.NOTE, "holdfast").remedy()).contains("-all-javax.jar");
    assertNothing(report, "jakarta.servlet");

    assertThat(finding(with(war, "jakarta"), Severity.BLOCKER, "holdfast").remedy())
        .contains("-all-javax.jar");
    finding(with(war, "javax"), Severity.OK, "holdfast");
  }

  @Test
  void aJakartaApplicationIsToldWhichJarItTakes() {
    Map<String, byte[]> classes =
        Compiled.classes(
            directory,
            "package com.acme; public class New { jakarta.servlet.http.HttpSession session; }");
    WarBuilder war =
        WarBuilder.empty()
            .webXml("")
            .bytes("WEB-INF/classes/com/acme/New.class", classes.get("com/acme/New.class"));
    finding(of(war), Severity.OK, "jakarta.servlet");
    assertThat(finding(of(war), Severity.NOTE, "holdfast").remedy()).contains("-all.jar");

    assertThat(finding(with(war, "javax"), Severity.BLOCKER, "holdfast").remedy())
        .contains("-all.jar");
    finding(with(war, "jakarta"), Severity.OK, "holdfast");
  }

  /** The report on the WAR with a jar of ours, made for an API. */
  private PreflightReport with(WarBuilder war, String api) {
    String redis = "dev/holdfast/lib/io/lettuce/core/RedisClient.class";
    Map<String, byte[]> classes =
        Compiled.classes(
            directory,
            "package " + api + ".servlet; public interface ServletContainerInitializer { }",
            "package dev.holdfast; public class HoldfastInitializer implements "
                + api
                + ".servlet.ServletContainerInitializer { }",
            "package dev.holdfast.lib.io.lettuce.core; public class RedisClient { }");
    String ours = "dev/holdfast/HoldfastInitializer.class";
    return of(
        war.bytes(
            "WEB-INF/lib/holdfast-1.0-all.jar",
            Compiled.jar(Map.of(ours, classes.get(ours), redis, classes.get(redis)))));
  }

  // Listeners

  @Test
  void sessionListenersAreNamedWithWhereTheyAreFound() {
    String direct = SHOP + "public class Counting extends Base { }";
    String base = SHOP + "public class Base implements HttpSessionListener { }";
    WarBuilder war =
        Compiled.war(directory, direct, base)
            .webXml("<listener><listener-class>com.acme.shop.Counting</listener-class></listener>");
    assertThat(finding(of(war), Severity.OK, "session listeners").meaning())
        .contains("com.acme.shop.Counting (HttpSessionListener, declared)");
  }

  @Test
  void anAbstractListenerIsNoneAndTheNameOfAClassDoesNotMatter() {
    String base = SHOP + "public abstract class Base implements HttpSessionListener { }";
    String audit = SHOP + "public class AuditHttpSessionListener extends Base { }";
    PreflightReport report = of(Compiled.war(directory, base, audit));
    assertThat(finding(report, Severity.OK, "session listeners").meaning())
        .startsWith("com.acme.shop.AuditHttpSessionListener (HttpSessionListener");
    assertThat(finding(report, Severity.NOTE, "session listeners elsewhere").remedy())
        .endsWith("HOLDFAST_LISTENERS=com.acme.shop.AuditHttpSessionListener");
  }

  @Test
  void anAnnotatedListenerHasToBeNamedElsewhere() {
    PreflightReport report =
        of(
            Compiled.war(
                directory,
                SHOP
                    + "@jakarta.servlet.annotation.WebListener"
                    + " public class Ids implements HttpSessionIdListener {"
                    + " public void sessionIdChanged(HttpSessionEvent e, String old) { } }"));
    assertThat(finding(report, Severity.NOTE, "session listeners elsewhere").remedy())
        .contains("HOLDFAST_LISTENERS=com.acme.shop.Ids");
  }

  @Test
  void aRequestListenerThatUsesTheSessionSeesAnother() {
    String listener =
        SHOP
            + "public class Early implements jakarta.servlet.ServletRequestListener {"
            + " public void requestInitialized(jakarta.servlet.ServletRequestEvent e) { %s } }";
    PreflightReport uses =
        of(
            Compiled.war(
                directory,
                String.format(
                    listener, "((HttpServletRequest) e.getServletRequest()).getSession();")));
    finding(uses, Severity.WARNING, "com.acme.shop.Early");
    assertNothing(of(Compiled.war(directory, String.format(listener, ""))), "com.acme.shop.Early");
  }

  // web.xml

  @Test
  void anAbsoluteOrderingWithoutUsNeedsTheFilterInWebXml() {
    WarBuilder war = Compiled.war(directory, ITEM);
    PreflightReport without =
        of(war.webXml("<absolute-ordering><name>other</name></absolute-ordering>"));
    finding(without, Severity.BLOCKER, "<absolute-ordering>");
    assertThat(without.webXml()).contains("dev.holdfast.HoldfastFilter").contains("ASYNC");

    for (String fine : new String[] {"<name>dev_holdfast</name>", "<others/>"}) {
      PreflightReport with = of(war.webXml("<absolute-ordering>" + fine + "</absolute-ordering>"));
      assertThat(with.webXml()).isEmpty();
      assertThat(with.worst()).isLessThan(Severity.BLOCKER);
    }
    PreflightReport declared =
        of(
            war.webXml(
                without.webXml() + "<absolute-ordering><name>other</name></absolute-ordering>"));
    assertThat(declared.worst()).as(declared.toString()).isLessThan(Severity.WARNING);
  }

  @Test
  void aFilterThatIsDeclaredHalfIsNamed() {
    PreflightReport report =
        of(
            Compiled.war(directory, ITEM)
                .webXml(
                    "<filter><filter-name>first</filter-name><filter-class>x.Y</filter-class>"
                        + "</filter><filter><filter-name>h</filter-name>"
                        + "<filter-class>dev.holdfast.HoldfastFilter</filter-class></filter>"
                        + "<filter-mapping><filter-name>first</filter-name>"
                        + "<url-pattern>/*</url-pattern></filter-mapping>"
                        + "<filter-mapping><filter-name>h</filter-name>"
                        + "<url-pattern>/shop/*</url-pattern></filter-mapping>"));
    assertThat(report.toString())
        .contains("not mapped to /*")
        .contains("five dispatchers")
        .contains("async-supported")
        .contains("filter first comes before ours");
  }

  @Test
  void formLoginAnEndlessTimeoutAndAnImpossibleCookieAreNamed() {
    PreflightReport report =
        of(
            Compiled.war(directory, ITEM)
                .webXml(
                    "<login-config><auth-method>FORM</auth-method></login-config>"
                        + "<session-config><session-timeout>-1</session-timeout><cookie-config>"
                        + "<name>__Host-shop</name><path>/shop</path></cookie-config>"
                        + "</session-config>"));
    finding(report, Severity.NOTE, "FORM login");
    finding(report, Severity.WARNING, "<session-timeout>");
    finding(report, Severity.BLOCKER, "<cookie-config>");
  }

  @Test
  void anotherKeeperOfSessionsIsNamed() {
    WarBuilder war =
        Compiled.war(
                directory,
                "package org.springframework.session.web.http;"
                    + " public class SessionRepositoryFilter { }")
            .resource("META-INF/context.xml", "<Context><Manager className='x'/></Context>");
    PreflightReport report = of(war);
    finding(report, Severity.WARNING, "Spring Session");
    finding(report, Severity.NOTE, "META-INF/context.xml");
  }

  // Bad input

  @Test
  void whatIsNoWarIsAnErrorThatNamesIt() throws IOException {
    Path missing = directory.resolve("missing.war");
    assertThatThrownBy(() -> Preflight.of(missing))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("missing.war");
    Path text = Files.writeString(directory.resolve("text.war"), "no zip at all");
    assertThatThrownBy(() -> Preflight.of(text))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("text.war");
    Path jar = directory.resolve("plain.jar");
    Files.write(jar, Compiled.jar(Map.of("A.class", new byte[] {1})));
    assertThatThrownBy(() -> Preflight.of(jar))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("plain.jar")
        .hasMessageContaining("no WEB-INF");
    Path whole = Compiled.war(directory, ITEM).packedIn(directory);
    byte[] bytes = Files.readAllBytes(whole);
    Path cut = directory.resolve("cut.war");
    Files.write(cut, Arrays.copyOf(bytes, bytes.length / 2));
    assertThatThrownBy(() -> Preflight.of(cut))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cut.war");
  }

  @Test
  void whatIsDamagedInsideIsNamedAndTheRestIsRead() {
    byte[] jar = Compiled.jar(Compiled.classes(directory, "package x; public class Y { }"));
    PreflightReport report =
        of(
            Compiled.war(directory, servlet("session.setAttribute(\"worker\", new Thread());"))
                .bytes("WEB-INF/classes/com/acme/Broken.class", new byte[] {1, 2, 3})
                .bytes("WEB-INF/lib/broken.jar", Arrays.copyOf(jar, jar.length / 3))
                .bytes("WEB-INF/lib/text.jar", new byte[] {'n', 'o'})
                .resource("WEB-INF/jetty-web.xml", "<<<")
                .resource("WEB-INF/web.xml", "<web-app><unclosed></web-app>"));
    finding(report, Severity.WARNING, "WEB-INF/classes/com/acme/Broken.class");
    finding(report, Severity.WARNING, "WEB-INF/lib/broken.jar");
    finding(report, Severity.WARNING, "WEB-INF/lib/text.jar");
    finding(report, Severity.WARNING, "WEB-INF/web.xml");
    finding(report, Severity.WARNING, "java.lang.Thread");
  }

  @Test
  void aBombIsNotReadIntoMemory() {
    byte[] zeros = new byte[WarFile.MAX_FILE + 1];
    PreflightReport report =
        of(Compiled.war(directory, ITEM).bytes("WEB-INF/classes/com/acme/Bomb.class", zeros));
    assertThat(finding(report, Severity.WARNING, "WEB-INF/classes/com/acme/Bomb.class").meaning())
        .contains("larger than 64 MiB");
  }

  @Test
  void namesInTheWarCannotForgeALine() {
    PreflightReport report =
        setting("session.setAttribute(\"a\\nBLOCKER  forged\", new Thread());");
    assertThat(report.toString().lines()).noneMatch(line -> line.startsWith("BLOCKER"));
  }

  // The report

  @Test
  void theReportSaysWhatToSetAndCanBeWrittenAsJson() {
    PreflightReport report = setting("session.setAttribute(\"user\", \"ada\");");
    assertThat(report.environment()).containsKeys("HOLDFAST_REDIS_URI", "HOLDFAST_ENCRYPTION_KEYS");
    assertThat(report.toString()).contains("export HOLDFAST_REDIS_URI=");
    assertThat(report.toMap()).containsKeys("war", "worst", "findings", "environment", "webXml");
  }
}
