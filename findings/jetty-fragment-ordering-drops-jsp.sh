#!/usr/bin/env bash
# Jetty 12.1.14 (ee11), JDK 17.0.15: a jar in WEB-INF/lib that holds nothing but a web-fragment.xml
# with an <ordering> takes JSP away from an application on an embedded server whose class loaders are
# nested twice: JSP's initializer, in the loader above the parent of the application's, is not called
# any more, and each page is answered 500, "No org.apache.tomcat.InstanceManager set". One would
# expect the order of fragments to order the initializers of fragments, and to leave the server's
# own alone; Jetty takes them for its own only if the parent loader itself has defined them.
# addServletContainerInitializer(new JettyJasperInitializer()) brings JSP back.
# Seen output:
#   no fragment: 200
#   a fragment without ordering: 200
#   a fragment with ordering: 500
#   a fragment with ordering, initializer added by hand: 200
# Needs a JDK 17 and Maven.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cat >pom.xml <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>findings</groupId><artifactId>jetty</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.eclipse.jetty.ee11</groupId><artifactId>jetty-ee11-annotations</artifactId><version>12.1.14</version></dependency>
    <dependency><groupId>org.eclipse.jetty.ee11</groupId><artifactId>jetty-ee11-apache-jsp</artifactId><version>12.1.14</version></dependency>
  </dependencies>
</project>
XML
mvn -B -q org.apache.maven.plugins:maven-dependency-plugin:3.11.0:copy-dependencies -DoutputDirectory=jars >log 2>&1 ||
  { cat log; exit 1; }
mkdir -p war/WEB-INF/lib fragment/META-INF inner outer
echo '<web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.1"/>' >war/WEB-INF/web.xml
echo '<%= 1 + 1 %>' >war/index.jsp
fragment() {
  echo "<web-fragment xmlns=\"https://jakarta.ee/xml/ns/jakartaee\" version=\"6.1\"><name>f</name>$1</web-fragment>" \
    >fragment/META-INF/web-fragment.xml
  jar cf war/WEB-INF/lib/fragment.jar -C fragment META-INF/web-fragment.xml
}
cat >Inner.java <<'JAVA'
import java.net.*;
import org.eclipse.jetty.ee11.apache.jsp.JettyJasperInitializer;
import org.eclipse.jetty.ee11.webapp.WebAppContext;
import org.eclipse.jetty.server.*;

/** The server, in a loader below that of Jetty's jars. */
public class Inner {
  public static void run(boolean byHand) throws Exception {
    Server server = new Server(new InetSocketAddress("127.0.0.1", 0));
    WebAppContext context = new WebAppContext("war", "/app");
    if (byHand) context.addServletContainerInitializer(new JettyJasperInitializer());
    server.setHandler(context);
    server.start();
    int port = ((ServerConnector) server.getConnectors()[0]).getLocalPort();
    URL page = new URL("http://127.0.0.1:" + port + "/app/index.jsp");
    System.out.println(((HttpURLConnection) page.openConnection()).getResponseCode());
    server.stop();
  }
}
JAVA
cat >Outer.java <<'JAVA'
import java.io.File;
import java.net.*;
import java.util.*;

public class Outer {
  public static void main(String[] args) throws Exception {
    List<URL> jars = new ArrayList<>();
    for (File jar : new File("jars").listFiles()) jars.add(jar.toURI().toURL());
    ClassLoader libraries = new URLClassLoader(jars.toArray(new URL[0]), ClassLoader.getPlatformClassLoader());
    ClassLoader program = new URLClassLoader(new URL[] {new File("inner").toURI().toURL()}, libraries);
    Thread.currentThread().setContextClassLoader(program);
    program.loadClass("Inner").getMethod("run", boolean.class).invoke(null, args.length > 0);
    System.exit(0);
  }
}
JAVA
javac -d inner -cp 'jars/*' Inner.java
javac -d outer Outer.java
ordering='<ordering><before><others/></before></ordering>'
seen=$(
  echo "no fragment: $(java -cp outer Outer 2>/dev/null)"
  fragment ''
  echo "a fragment without ordering: $(java -cp outer Outer 2>/dev/null)"
  fragment "$ordering"
  echo "a fragment with ordering: $(java -cp outer Outer 2>/dev/null)"
  echo "a fragment with ordering, initializer added by hand: $(java -cp outer Outer byhand 2>/dev/null)"
)
echo "$seen"
[[ $seen == 'no fragment: 200
a fragment without ordering: 200
a fragment with ordering: 500
a fragment with ordering, initializer added by hand: 200' ]]
