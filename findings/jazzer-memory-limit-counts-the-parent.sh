#!/usr/bin/env bash
# Jazzer 0.30.0 (libFuzzer), JDK 17.0.15, Linux 6.18: the same fuzz run of a target that does
# nothing stays within -rss_limit_mb=1000 from a shell, and is ended with "out-of-memory" when the
# program that starts it is a JVM of 1.5 GB. libFuzzer asks getrusage() for the most memory that its
# process has had, and Linux hands that number on through exec: until then the child counts as what
# it was copied from. -Xmx of the child changes nothing. One would expect a limit for the fuzzed
# process to count the fuzzed process.
# Seen output:
#   from a shell: ended with 0
#   from a JVM with 1500 MB: ended with 71, libFuzzer: out-of-memory
# Needs a JDK 17, Maven and Linux.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cat >pom.xml <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>findings</groupId><artifactId>jazzer</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>com.code-intelligence</groupId><artifactId>jazzer</artifactId><version>0.30.0</version></dependency>
  </dependencies>
</project>
XML
mvn -B -q org.apache.maven.plugins:maven-dependency-plugin:3.11.0:copy-dependencies -DoutputDirectory=jars >log 2>&1 ||
  { cat log; exit 1; }
mkdir classes
cat >Target.java <<'JAVA'
public class Target {
  public static void fuzzerTestOneInput(byte[] input) {}
}
JAVA
cat >Parent.java <<'JAVA'
import java.util.ArrayList;
import java.util.List;

/** Fills some memory, then runs a command. */
public class Parent {
  public static void main(String[] args) throws Exception {
    List<byte[]> memory = new ArrayList<>();
    for (int i = 0; i < Integer.parseInt(args[0]); i++) {
      byte[] megabyte = new byte[1 << 20];
      java.util.Arrays.fill(megabyte, (byte) 1);
      memory.add(megabyte);
    }
    Process child = new ProcessBuilder(List.of(args).subList(1, args.length)).inheritIO().start();
    System.exit(child.waitFor() + 0 * memory.size());
  }
}
JAVA
javac -d classes Target.java Parent.java
fuzz=(java -Xmx256m -cp 'classes:jars/*' com.code_intelligence.jazzer.Jazzer --target_class=Target
  --instrumentation_includes=Target -rss_limit_mb=1000 -max_total_time=3)
status=0
"${fuzz[@]}" >shell.log 2>&1 || status=$?
shell="from a shell: ended with $status"
status=0
java -XX:+UseSerialGC -Xmx2g -Xms2g -cp classes Parent 1500 "${fuzz[@]}" >jvm.log 2>&1 || status=$?
jvm="from a JVM with 1500 MB: ended with $status, $(grep -o 'libFuzzer: out-of-memory' jvm.log | head -1 || true)"
printf '%s\n' "$shell" "$jvm"
[[ $shell == *"with 0" && $jvm == *"with 71, libFuzzer: out-of-memory" ]] || { cat shell.log jvm.log; exit 1; }
