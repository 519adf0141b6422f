#!/usr/bin/env bash
# Redis 6.2.11 and 7.0.15: on a connection that speaks RESP2, CLIENT TRACKING ON OPTIN without REDIRECT
# is answered OK, and so is CLIENT CACHING YES. Redis then remembers the key for this client, counts
# it in tracking_total_keys, and drops it at the first change; but it tells nobody, as RESP2 has no
# form for that. One would expect the error that CLIENT TRACKING has for other combinations that
# cannot work. A client library that falls back to RESP2 by itself (HELLO renamed away, an old
# proxy) so keeps a cache that is never told of a change, while every answer was OK.
# Seen output (embedded-redis 1.4.4 from Maven Central brings Redis 6.2.11):
#   RESP2: tracking OK, caching OK, 1 key tracked, after the change 0 tracked, told 0 times
#   RESP3: tracking OK, caching OK, 1 key tracked, after the change 0 tracked, told 1 times
# Needs a JDK 17 and Maven, on Linux with an x86-64 processor.
set -euo pipefail
work=$(mktemp -d)
server=
trap '[[ -z $server ]] || kill "$server"; wait; rm -rf "$work"' EXIT
cd "$work"
mvn -B -q org.apache.maven.plugins:maven-dependency-plugin:3.11.0:copy \
  -Dartifact=com.github.codemonstur:embedded-redis:1.4.4 -DoutputDirectory=. >log 2>&1 || { cat log; exit 1; }
jar xf embedded-redis-1.4.4.jar redis-server-6.2.6-v5-linux-amd64
chmod +x redis-server-6.2.6-v5-linux-amd64
./redis-server-6.2.6-v5-linux-amd64 --version
cat >Main.java <<'JAVA'
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

public class Main {
  static int port;

  /** Sends commands and gives back everything that has come half a second later. */
  static String send(Socket socket, String... commands) throws Exception {
    for (String command : commands) {
      socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }
    Thread.sleep(500);
    InputStream in = socket.getInputStream();
    return new String(in.readNBytes(in.available()), StandardCharsets.US_ASCII);
  }

  static String tracked(Socket other) throws Exception {
    return send(other, "INFO stats").lines()
        .filter(line -> line.startsWith("tracking_total_keys:"))
        .map(line -> line.substring(line.indexOf(':') + 1))
        .findFirst()
        .orElseThrow();
  }

  public static void main(String[] arguments) throws Exception {
    port = Integer.parseInt(arguments[0]);
    for (int version = 2; version <= 3; version++) {
      try (Socket reader = new Socket("127.0.0.1", port);
          Socket writer = new Socket("127.0.0.1", port)) {
        send(writer, "SET k old");
        send(reader, version == 3 ? "HELLO 3" : "PING");
        String tracking = send(reader, "CLIENT TRACKING ON OPTIN").trim().substring(1);
        String caching = send(reader, "CLIENT CACHING YES").trim().substring(1);
        send(reader, "GET k");
        String before = tracked(writer);
        send(writer, "SET k new");
        String came = send(reader, "PING");
        System.out.printf(
            "RESP%d: tracking %s, caching %s, %s key tracked, after the change %s tracked, told %d times%n",
            version, tracking, caching, before, tracked(writer), came.split("invalidate", -1).length - 1);
      }
    }
  }
}
JAVA
port=$((20000 + RANDOM % 20000))
./redis-server-6.2.6-v5-linux-amd64 --port "$port" --bind 127.0.0.1 --save '' --daemonize no >redis.log 2>&1 &
server=$!
for _ in {1..50}; do
  (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break
  sleep 0.1
done
seen=$(java Main.java "$port")
echo "$seen"
diff <(printf '%s\n' \
  "RESP2: tracking OK, caching OK, 1 key tracked, after the change 0 tracked, told 0 times" \
  "RESP3: tracking OK, caching OK, 1 key tracked, after the change 0 tracked, told 1 times") <(echo "$seen")
