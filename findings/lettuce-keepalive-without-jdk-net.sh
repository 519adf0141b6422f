#!/usr/bin/env bash
# lettuce-core 7.7.0.RELEASE, JDK 17.0.15 started without the module jdk.net (as a trimmed runtime
# image is): SocketOptions.keepAlive(KeepAliveOptions) with nothing but enable() makes every
# connection fail, while keepAlive(true) connects. Building the options does not complain: enable()
# of the options object means the extended form of keep-alive, which needs jdk.net. One would expect
# the two to mean the same where no interval is set.
# Seen output:
#   keepAlive(true): connected
#   keepAlive(KeepAliveOptions): failed, Extended TCP keepalive options could not be applied
# Needs a JDK, Maven and nothing else: a socket that answers each command "+OK" stands for the server.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat >"$work/pom.xml" <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>findings</groupId><artifactId>lettuce</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>io.lettuce</groupId><artifactId>lettuce-core</artifactId><version>7.7.0.RELEASE</version></dependency>
  </dependencies>
</project>
XML
mvn -B -q -f "$work/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.11.0:copy-dependencies -DoutputDirectory="$work/lib"
cat >"$work/Main.java" <<'JAVA'
import io.lettuce.core.*;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.protocol.ProtocolVersion;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

public class Main {
  public static void main(String[] args) throws Exception {
    ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread acceptor = new Thread(() -> {
      while (true) {
        try {
          Socket socket = server.accept();
          Thread answers = new Thread(() -> {
            try {
              byte[] bytes = new byte[4096];
              int length;
              while ((length = socket.getInputStream().read(bytes)) > 0) {
                for (int i = 0; i < length; i++) {
                  if (bytes[i] == '*') {
                    socket.getOutputStream().write("+OK\r\n".getBytes());
                  }
                }
              }
            } catch (Exception e) {
              // The client has gone.
            }
          });
          answers.setDaemon(true);
          answers.start();
        } catch (Exception e) {
          return;
        }
      }
    });
    acceptor.setDaemon(true);
    acceptor.start();
    attempt("keepAlive(true)", server.getLocalPort(), SocketOptions.builder().keepAlive(true).build());
    attempt("keepAlive(KeepAliveOptions)", server.getLocalPort(),
        SocketOptions.builder().keepAlive(SocketOptions.KeepAliveOptions.builder().enable().build()).build());
    System.exit(0);
  }

  static void attempt(String what, int port, SocketOptions options) {
    RedisClient client = RedisClient.create("redis://127.0.0.1:" + port);
    client.setOptions(ClientOptions.builder().protocolVersion(ProtocolVersion.RESP2).socketOptions(options).build());
    String result;
    try {
      client.connect();
      result = "connected";
    } catch (RuntimeException e) {
      Throwable cause = e;
      while (cause.getCause() != null) {
        cause = cause.getCause();
      }
      result = "failed, " + cause.getMessage();
    }
    System.out.println(what + ": " + result);
  }
}
JAVA
javac -d "$work" -cp "$work/lib/*" "$work/Main.java"
seen=$(java --limit-modules java.base,java.logging,java.management,java.naming,java.sql,jdk.unsupported \
  -cp "$work:$work/lib/*" Main 2>"$work/log" | cut -d. -f1 | sed 's/ *$//')
echo "$seen"
[[ $seen == 'keepAlive(true): connected
keepAlive(KeepAliveOptions): failed, Extended TCP keepalive options could not be applied'* ]] || { tail "$work/log"; exit 1; }
