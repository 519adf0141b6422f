#!/usr/bin/env bash
# JDK 17.0.15: java.time.Duration is two numbers and most of its arithmetic makes one object, but
# dividedBy(long) and multipliedBy(long) go by way of BigDecimal and BigInteger: once compiled, a
# division of 30 minutes by 10 allocates more than 500 bytes, where plus() and a division of
# toMillis() allocate the result and no more. In a server that does it with each request this is
# seen in the profile before anything of the request itself.
# Seen output (bytes for each call; the first two vary a little with the compiler):
#   dividedBy: more than 300
#   multipliedBy: more than 200
#   plus: at most 24
#   ofMillis(toMillis() / 10): at most 24
# Needs a JDK and nothing else.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat >"$work/Main.java" <<'JAVA'
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.function.UnaryOperator;

public class Main {
  static Duration sink;

  static long bytes(UnaryOperator<Duration> operation) {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long id = Thread.currentThread().getId();
    int calls = 200_000;
    long used = 0;
    for (int round = 0; round < 3; round++) {
      long before = threads.getThreadAllocatedBytes(id);
      for (int i = 0; i < calls; i++) sink = operation.apply(Duration.ofMinutes(30));
      used = threads.getThreadAllocatedBytes(id) - before;
    }
    // The operand, 24 bytes, is made by the loop.
    return used / calls - 24;
  }

  static void say(String name, long bytes, long limit, boolean more) {
    System.err.println(name + " = " + bytes);
    boolean holds = more ? bytes > limit : bytes <= limit;
    System.out.println(name + ": " + (holds ? more ? "more than " : "at most " : "not as seen, ") + limit);
  }

  public static void main(String[] arguments) {
    Duration second = Duration.ofSeconds(1);
    say("dividedBy", bytes(d -> d.dividedBy(10)), 300, true);
    say("multipliedBy", bytes(d -> d.multipliedBy(2)), 200, true);
    say("plus", bytes(d -> d.plus(second)), 24, false);
    say("ofMillis(toMillis() / 10)", bytes(d -> Duration.ofMillis(d.toMillis() / 10)), 24, false);
  }
}
JAVA
seen=$(java -XX:TieredStopAtLevel=1 "$work/Main.java")
java -version 2>&1 | head -1
echo "$seen"
diff <(printf '%s\n' "dividedBy: more than 300" "multipliedBy: more than 200" "plus: at most 24" \
  "ofMillis(toMillis() / 10): at most 24") <(echo "$seen")
