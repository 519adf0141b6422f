#!/usr/bin/env bash
# jetty-server 12.1.14, embedded, with the default HttpConfiguration: a request with "User-Agent:
# reader" makes a later "User-Agent: Reader/2" on the same keep-alive connection arrive as "reader/2".
# The parser keeps header fields of a connection, and takes an earlier one whose value, ignoring case,
# is the beginning of the later value; so the first letters of the later value get the case of the
# earlier. Values of many headers are case-sensitive, and one would expect no request to change what
# another has sent. With HttpConfiguration.setHeaderCacheCaseSensitive(true), which is off by default,
# or on a connection of its own, the value arrives as it was sent.
# Seen output:
#   default, one connection: reader, then reader/2
#   default, a connection per request: reader, then Reader/2
#   setHeaderCacheCaseSensitive(true), one connection: reader, then Reader/2
# Needs a JDK 17, Maven and nothing else.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat >"$work/pom.xml" <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>findings</groupId><artifactId>jetty</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.eclipse.jetty</groupId><artifactId>jetty-server</artifactId><version>12.1.14</version></dependency>
  </dependencies>
</project>
XML
mvn -B -q -f "$work/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.11.0:copy-dependencies -DoutputDirectory="$work/lib" >"$work/log" 2>&1 ||
  { cat "$work/log"; exit 1; }
cat >"$work/Main.java" <<'JAVA'
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;

public class Main {
  /** Answers the value of the User-Agent header, as one line. */
  static class Answer extends Handler.Abstract {
    @Override public boolean handle(Request request, Response response, Callback callback) {
      byte[] body = (request.getHeaders().get(HttpHeader.USER_AGENT) + "\n").getBytes(ISO_8859_1);
      response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
      response.write(true, ByteBuffer.wrap(body), callback);
      return true;
    }
  }

  /** One connection. */
  static class Client implements AutoCloseable {
    final Socket socket;
    final BufferedReader in;

    Client(int port) throws IOException {
      socket = new Socket("127.0.0.1", port);
      socket.setSoTimeout(20_000);
      in = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
    }

    String send(String agent) throws IOException {
      String request = "GET / HTTP/1.1\r\nHost: localhost\r\nUser-Agent: " + agent + "\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      String line;
      do {
        line = in.readLine();
        if (line == null) throw new EOFException("the server closed the connection");
      } while (!line.isEmpty());
      return in.readLine();
    }

    @Override public void close() throws IOException { socket.close(); }
  }

  static void say(String what, boolean caseSensitive, boolean oneConnection) throws Exception {
    HttpConfiguration configuration = new HttpConfiguration();
    if (caseSensitive) configuration.setHeaderCacheCaseSensitive(true);
    Server server = new Server();
    ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(configuration));
    connector.setHost("127.0.0.1");
    connector.setPort(0);
    server.addConnector(connector);
    server.setHandler(new Answer());
    try {
      server.start();
      int port = connector.getLocalPort();
      String first;
      String second;
      try (Client client = new Client(port); Client other = new Client(port)) {
        first = client.send("reader");
        second = (oneConnection ? client : other).send("Reader/2");
      }
      System.out.println(what + ": " + first + ", then " + second);
    } finally {
      server.stop();
    }
  }

  public static void main(String[] args) throws Exception {
    say("default, one connection", false, true);
    say("default, a connection per request", false, false);
    say("setHeaderCacheCaseSensitive(true), one connection", true, true);
  }
}
JAVA
seen=$(java -cp "$work/lib/*" "$work/Main.java" 2>"$work/log") || { cat "$work/log"; exit 1; }
echo "$seen"
[[ $seen == 'default, one connection: reader, then reader/2
default, a connection per request: reader, then Reader/2
setHeaderCacheCaseSensitive(true), one connection: reader, then Reader/2' ]] ||
  { echo 'Not the output that is expected: Jetty has changed.'; exit 1; }
