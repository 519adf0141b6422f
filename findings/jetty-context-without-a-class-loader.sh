#!/usr/bin/env bash
# jetty-ee11-servlet 12.1.14: ServletContext.getClassLoader() of an embedded, plain
# ServletContextHandler answers null, during init and in a request; the interface says that it
# "gets the class loader of the web application", without a word of null. The thread's context
# loader is set all the same.
# Seen output:
#   getClassLoader(): null
#   thread's context loader: set
# Needs a JDK, Maven and nothing else.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat >"$work/pom.xml" <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>findings</groupId><artifactId>jetty</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.eclipse.jetty.ee11</groupId><artifactId>jetty-ee11-servlet</artifactId><version>12.1.14</version></dependency>
  </dependencies>
</project>
XML
mvn -B -q -f "$work/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.11.0:copy-dependencies -DoutputDirectory="$work/lib"
cat >"$work/Main.java" <<'JAVA'
import jakarta.servlet.*;
import jakarta.servlet.http.*;
import java.io.IOException;
import java.net.*;
import java.net.http.*;
import org.eclipse.jetty.ee11.servlet.*;
import org.eclipse.jetty.server.*;

public class Main {
  public static class Answer extends HttpServlet {
    @Override protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
      response.getWriter().println("getClassLoader(): " + getServletContext().getClassLoader());
      response.getWriter().println(
          "thread's context loader: " + (Thread.currentThread().getContextClassLoader() == null ? "null" : "set"));
    }
  }

  public static void main(String[] args) throws Exception {
    Server server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    ServletContextHandler context = new ServletContextHandler("/");
    context.addServlet(Answer.class, "/");
    server.setHandler(context);
    server.start();
    int port = ((ServerConnector) server.getConnectors()[0]).getLocalPort();
    System.out.print(HttpClient.newHttpClient().send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/")).build(),
        HttpResponse.BodyHandlers.ofString()).body());
    server.stop();
  }
}
JAVA
javac -d "$work" -cp "$work/lib/*" "$work/Main.java"
seen=$(java -cp "$work:$work/lib/*" Main 2>"$work/log")
echo "$seen"
[[ $seen == $'getClassLoader(): null\nthread\'s context loader: set' ]]
