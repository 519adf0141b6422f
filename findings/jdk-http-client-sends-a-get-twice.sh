#!/usr/bin/env bash
# JDK 17.0.15: java.net.http.HttpClient sends a GET again, unasked and unseen, when the server ends
# a connection that was used before without a byte of an answer. The caller gets the second answer
# and no word of the first. RFC 9110 section 9.2.2 allows it for idempotent methods; a client that
# counts what it has sent (a history checker, a load generator) takes the server for the culprit
# when something was done twice. A POST fails, and arrives once.
# Seen output:
#   GET: sent 1, arrived 2, answered 204
#   POST: sent 1, arrived 1, failed
# Needs a JDK and nothing else.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat >"$work/Main.java" <<'JAVA'
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.atomic.AtomicInteger;

public class Main {
  public static void main(String[] arguments) throws Exception {
    for (String method : new String[] {"GET", "POST"}) {
      AtomicInteger arrived = new AtomicInteger();
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/",
          exchange -> {
            // The first answer leaves a connection to be used again; the next request gets none.
            if (arrived.incrementAndGet() != 2) {
              exchange.sendResponseHeaders(204, -1);
            }
            exchange.close();
          });
      server.start();
      HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
      URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
      client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding());
      HttpRequest request =
          HttpRequest.newBuilder(uri).method(method, BodyPublishers.noBody()).build();
      String end;
      try {
        end = "answered " + client.send(request, BodyHandlers.discarding()).statusCode();
      } catch (IOException e) {
        end = "failed";
      }
      System.out.println(method + ": sent 1, arrived " + (arrived.get() - 1) + ", " + end);
      server.stop(0);
    }
  }
}
JAVA
seen=$(java "$work/Main.java")
java -version 2>&1 | head -1
echo "$seen"
diff <(printf '%s\n' "GET: sent 1, arrived 2, answered 204" "POST: sent 1, arrived 1, failed") <(echo "$seen")
