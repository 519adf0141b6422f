#!/usr/bin/env bash
# Tomcat 11.0.14 and 10.1.60, JDK 17.0.15: a filter that conf/web.xml declares for all applications
# runs after every filter of the application's own web.xml, whatever its mapping says. conf/web.xml
# holds defaults, is read first, and the order of filters is that of their mappings (Servlet 6.1,
# 6.2.4), so one would expect it to run first, as the servlet container's own <filter> of a proxy's
# addresses or of a log would have to. Tomcat merges the defaults in behind the application.
# Seen output:
#   the application's, then the server's
# Needs a JDK 17 and Maven.
set -euo pipefail
work=$(mktemp -d)
server=
trap '[[ -z $server ]] || kill "$server" 2>/dev/null; wait; rm -rf "$work"' EXIT
cd "$work"
mvn -B -q org.apache.maven.plugins:maven-dependency-plugin:3.11.0:copy \
  -Dartifact=org.apache.tomcat:tomcat:11.0.14:zip -DoutputDirectory=. >log 2>&1 || { cat log; exit 1; }
jar xf tomcat-11.0.14.zip
cd apache-tomcat-11.0.14
mkdir -p source webapps/shop/WEB-INF
cat >source/Named.java <<'JAVA'
import jakarta.servlet.*;
import java.io.IOException;

public class Named implements Filter {
  private String name;

  @Override
  public void init(FilterConfig config) {
    name = config.getFilterName();
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    Object before = request.getAttribute("seen");
    request.setAttribute("seen", before == null ? name : before + ", then " + name);
    chain.doFilter(request, response);
  }
}
JAVA
javac -cp lib/servlet-api.jar -d lib source/Named.java
(cd lib && jar cf named.jar Named.class && rm Named.class)
declaration() {
  echo "<filter><filter-name>$1</filter-name><filter-class>Named</filter-class></filter><filter-mapping><filter-name>$1</filter-name><url-pattern>/*</url-pattern></filter-mapping>"
}
sed -i "s#</web-app>#$(declaration "the server's")</web-app>#" conf/web.xml
echo "<web-app xmlns=\"https://jakarta.ee/xml/ns/jakartaee\" version=\"6.1\">$(declaration "the application's")</web-app>" \
  >webapps/shop/WEB-INF/web.xml
echo '<%= request.getAttribute("seen") %>' >webapps/shop/seen.jsp
port=$((20000 + RANDOM % 20000))
sed -i "s/port=\"8080\"/port=\"$port\" address=\"127.0.0.1\"/; s/port=\"8005\"/port=\"-1\"/" conf/server.xml
java -Djava.util.logging.manager=org.apache.juli.ClassLoaderLogManager -Dcatalina.home=. -Dcatalina.base=. \
  -cp bin/bootstrap.jar:bin/tomcat-juli.jar org.apache.catalina.startup.Bootstrap start >log 2>&1 &
server=$!
for _ in {1..300}; do
  seen=$(curl -sf "http://127.0.0.1:$port/shop/seen.jsp" | tr -d '\r\n') && break
  sleep 0.2
done
echo "$seen"
[[ $seen == "the application's, then the server's" ]]
