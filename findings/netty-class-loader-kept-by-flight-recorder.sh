#!/usr/bin/env bash
# netty-buffer 4.2.20.Final, JDK 17.0.15: a class loader that has used Netty's default allocator is
# never collected, though nobody started a flight recording: the allocator registers a listener with
# the JVM's FlightRecorder, and that listener is removed only when a recording begins. An
# application that is redeployed in a server so keeps every earlier copy of itself in memory. With
# -Dio.netty.jfr.enabled=false the loader goes. One would expect an event class that nobody records
# to cost nothing; in 4.2.13 it did not.
# Seen output:
#   4.2.20.Final: loader kept
#   4.2.20.Final, io.netty.jfr.enabled=false: loader collected
#   4.2.13.Final: loader collected
# Needs a JDK, Maven and nothing else.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for version in 4.2.13.Final 4.2.20.Final; do
  cat >"$work/pom.xml" <<XML
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>findings</groupId><artifactId>netty</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>io.netty</groupId><artifactId>netty-buffer</artifactId><version>$version</version></dependency>
  </dependencies>
</project>
XML
  mvn -B -q -f "$work/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.11.0:copy-dependencies -DoutputDirectory="$work/$version" >&2
done
cat >"$work/Main.java" <<'JAVA'
import java.io.File;
import java.lang.ref.WeakReference;
import java.net.*;
import java.util.*;

public class Main {
  public static void main(String[] args) throws Exception {
    WeakReference<ClassLoader> loader = use(new File(args[0]));
    for (int i = 0; i < 50 && loader.get() != null; i++) {
      System.gc();
      Thread.sleep(50);
    }
    System.out.println("loader " + (loader.get() == null ? "collected" : "kept"));
  }

  static WeakReference<ClassLoader> use(File directory) throws Exception {
    List<URL> urls = new ArrayList<>();
    for (File jar : directory.listFiles()) {
      urls.add(jar.toURI().toURL());
    }
    URLClassLoader loader = new URLClassLoader(urls.toArray(new URL[0]), ClassLoader.getPlatformClassLoader());
    Thread user = new Thread(() -> {
      try {
        Object allocator = loader.loadClass("io.netty.buffer.ByteBufAllocator").getField("DEFAULT").get(null);
        Object buffer = loader.loadClass("io.netty.buffer.ByteBufAllocator").getMethod("heapBuffer").invoke(allocator);
        loader.loadClass("io.netty.util.ReferenceCounted").getMethod("release").invoke(buffer);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(e);
      }
    });
    user.start();
    user.join();
    loader.close();
    return new WeakReference<>(loader);
  }
}
JAVA
javac -d "$work" "$work/Main.java"
seen="4.2.20.Final: $(java -cp "$work" Main "$work/4.2.20.Final" 2>/dev/null)
4.2.20.Final, io.netty.jfr.enabled=false: $(java -Dio.netty.jfr.enabled=false -cp "$work" Main "$work/4.2.20.Final" 2>/dev/null)
4.2.13.Final: $(java -cp "$work" Main "$work/4.2.13.Final" 2>/dev/null)"
echo "$seen"
[[ $seen == '4.2.20.Final: loader kept
4.2.20.Final, io.netty.jfr.enabled=false: loader collected
4.2.13.Final: loader collected' ]]
