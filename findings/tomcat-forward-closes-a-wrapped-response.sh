#!/usr/bin/env bash
# Tomcat 10.1.62 and 11.0.27, JDK 17.0.15: what Tomcat 10.1 does to the response when a forward ends
# depends on whether a filter has wrapped it, even in a wrapper that changes nothing. Its own it only
# suspends, so that an exception thrown after the forward becomes an error page; a wrapped one it
# closes, so the client has already got the forwarded page, with status 200, and the exception is
# only logged. One would expect a plain HttpServletResponseWrapper to change nothing. Tomcat 11
# suspends both (suspendWrappedResponseAfterForward, which is off in 10.1).
# Seen output:
#   10.1, response as it is: 500
#   10.1, response in a plain wrapper: 200 forwarded page
#   11.0, response as it is: 500
#   11.0, response in a plain wrapper: 500
# Needs a JDK 17 and Maven.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cat >Main.java <<'JAVA'
import jakarta.servlet.*;
import jakarta.servlet.http.*;
import java.io.*;
import java.net.*;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.*;

public class Main {
  static class Forwards extends HttpServlet {
    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws ServletException, IOException {
      request.getRequestDispatcher("/target").forward(request, response);
      throw new IllegalStateException("after the forward");
    }
  }

  static class Target extends HttpServlet {
    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      response.getWriter().print("forwarded page");
    }
  }

  static class Wraps implements Filter {
    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
        throws IOException, ServletException {
      chain.doFilter(request, new HttpServletResponseWrapper((HttpServletResponse) response));
    }
  }

  public static void main(String[] args) throws Exception {
    java.util.logging.LogManager.getLogManager().reset();
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir("base");
    tomcat.setPort(0);
    Context context = tomcat.addContext("", new File(".").getAbsolutePath());
    Tomcat.addServlet(context, "forwards", new Forwards());
    context.addServletMappingDecoded("/", "forwards");
    Tomcat.addServlet(context, "target", new Target());
    context.addServletMappingDecoded("/target", "target");
    if (args[0].equals("wrapped")) {
      FilterDef filter = new FilterDef();
      filter.setFilterName("wraps");
      filter.setFilter(new Wraps());
      context.addFilterDef(filter);
      FilterMap map = new FilterMap();
      map.setFilterName("wraps");
      map.addURLPattern("/*");
      context.addFilterMap(map);
    }
    tomcat.getConnector();
    tomcat.start();
    URL page = new URL("http://127.0.0.1:" + tomcat.getConnector().getLocalPort() + "/");
    HttpURLConnection connection = (HttpURLConnection) page.openConnection();
    int status = connection.getResponseCode();
    System.out.println(
        status == 200
            ? status + " " + new String(connection.getInputStream().readAllBytes())
            : String.valueOf(status));
    System.exit(0);
  }
}
JAVA
run() {
  mkdir -p "$1"
  cat >pom.xml <<XML
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>findings</groupId><artifactId>tomcat</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.apache.tomcat.embed</groupId><artifactId>tomcat-embed-core</artifactId><version>$1</version></dependency>
  </dependencies>
</project>
XML
  mvn -B -q org.apache.maven.plugins:maven-dependency-plugin:3.11.0:copy-dependencies \
    -DoutputDirectory="$1/jars" >log 2>&1 || { cat log; exit 1; }
  javac -d "$1" -cp "$1/jars/*" Main.java
  echo "${1%.*}, response as it is: $(java -cp "$1:$1/jars/*" Main bare)"
  echo "${1%.*}, response in a plain wrapper: $(java -cp "$1:$1/jars/*" Main wrapped)"
}
seen=$(run 10.1.62; run 11.0.27)
echo "$seen"
[[ $seen == '10.1, response as it is: 500
10.1, response in a plain wrapper: 200 forwarded page
11.0, response as it is: 500
11.0, response in a plain wrapper: 500' ]]
