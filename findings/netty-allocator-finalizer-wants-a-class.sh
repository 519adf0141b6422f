#!/usr/bin/env bash
# Netty 4.2.20, JDK 17.0.15: the default allocator is freed by a finalizer, and that finalizer is the
# first to use the iterator of the allocator's list of chunks. So when an application server has
# closed the class loader of an application that used Netty, and the collector comes to the
# allocator, the finalizer's thread asks the closed loader for a class (Tomcat logs "Illegal access"
# with a stack trace for that). Nothing was left open: every buffer was released. One would expect
# that what frees an object needs no class that its use did not.
# Seen output:
#   used the default allocator: AdaptiveByteBufAllocator
#   asked for after the close: io.netty.util.concurrent.ConcurrentSkipListIntObjMultimap$EntryIterator,
#   io.netty.util.concurrent.ConcurrentSkipListIntObjMultimap$Iter (one line)
# Needs a JDK 17 and Maven.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
for artifact in netty-buffer netty-common; do
  mvn -B -q org.apache.maven.plugins:maven-dependency-plugin:3.11.0:copy \
    -Dartifact="io.netty:$artifact:4.2.20.Final" -DoutputDirectory="$work/jars" >"$work/log" 2>&1 ||
    { cat "$work/log"; exit 1; }
done
cat >Main.java <<'JAVA'
import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

public class Main {
  static final Set<String> late = new ConcurrentSkipListSet<>();

  /** As that of a web application: its own classes, and the platform's. */
  static final class AppLoader extends URLClassLoader {
    volatile boolean ended;
    AppLoader(URL[] jars) { super(jars, ClassLoader.getPlatformClassLoader()); }
    @Override protected Class<?> findClass(String name) throws ClassNotFoundException {
      if (ended) late.add(name);
      return super.findClass(name);
    }
  }

  static AppLoader application() throws Exception {
    File[] files = new File("jars").listFiles();
    URL[] jars = new URL[files.length];
    for (int i = 0; i < files.length; i++) jars[i] = files[i].toURI().toURL();
    AppLoader loader = new AppLoader(jars);
    Object allocator = loader.loadClass("io.netty.buffer.ByteBufAllocator").getField("DEFAULT").get(null);
    Class<?> type = loader.loadClass("io.netty.buffer.ByteBufAllocator");
    for (int i = 0; i < 1000; i++) {
      Object buffer = type.getMethod("directBuffer", int.class).invoke(allocator, 100 * (1 + i % 50));
      loader.loadClass("io.netty.util.ReferenceCounted").getMethod("release").invoke(buffer);
    }
    System.out.println("used the default allocator: " + allocator.getClass().getSimpleName());
    return loader;
  }

  public static void main(String[] args) throws Exception {
    // A thread of its own: Netty's thread locals go with it.
    Thread user = new Thread(() -> {
      try {
        application().ended = true;
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    });
    user.start();
    user.join();
    user = null;
    for (int i = 0; i < 50 && late.isEmpty(); i++) {
      System.gc();
      Thread.sleep(100);
    }
    System.out.println("asked for after the close: " + String.join(", ", late));
  }
}
JAVA
javac Main.java
# Without it Netty stays reachable through the flight recorder; that is another finding here.
seen=$(java -Dio.netty.jfr.enabled=false Main 2>/dev/null)
echo "$seen"
[[ $seen == *"AdaptiveByteBufAllocator"*"after the close: "*'ConcurrentSkipListIntObjMultimap$EntryIterator'* ]]
