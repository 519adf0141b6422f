#!/usr/bin/env bash
# Tomcat 11.0.14, JDK 17.0.15: a java.util.logging logger in a static field of a library in Tomcat's
# lib belongs to the application whose thread first loaded that class: ClassLoaderLogManager files it
# under the context class loader. When that application is stopped or reloaded, the handlers that it
# had there are closed, and the library logs nothing any more, in the other applications neither. One
# would expect a logger of a shared library to be the server's. System.getLogger ends in the same
# place.
# Seen output:
#   both applications run: logged
#   the first was stopped: lost
# Needs a JDK 17 and Maven.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
mvn -B -q org.apache.maven.plugins:maven-dependency-plugin:3.11.0:copy \
  -Dartifact=org.apache.tomcat:tomcat-juli:11.0.14 -DoutputDirectory=. >log 2>&1 || { cat log; exit 1; }
cat >logging.properties <<'P'
handlers = java.util.logging.ConsoleHandler
java.util.logging.ConsoleHandler.formatter = java.util.logging.SimpleFormatter
P
mkdir one two
for application in one two; do
  cat >$application/logging.properties <<'P'
handlers = java.util.logging.ConsoleHandler
java.util.logging.ConsoleHandler.formatter = java.util.logging.SimpleFormatter
P
done
cat >Main.java <<'JAVA'
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.logging.LogManager;
import java.util.logging.Logger;

public class Main {
  /** A library that all applications share. */
  static class Shared {
    static final Logger LOG = Logger.getLogger("shared");

    static void work(String what) {
      LOG.info(what);
    }
  }

  public static void main(String[] arguments) throws Exception {
    PrintStream console = System.err;
    ByteArrayOutputStream logged = new ByteArrayOutputStream();
    System.setErr(new PrintStream(logged, true));
    URLClassLoader one = new URLClassLoader(new URL[] {Path.of("one/").toUri().toURL()});
    URLClassLoader two = new URLClassLoader(new URL[] {Path.of("two/").toUri().toURL()});
    Thread.currentThread().setContextClassLoader(one);
    Shared.work("from one");
    Thread.currentThread().setContextClassLoader(two);
    Shared.work("from two, first");
    System.out.println(
        "both applications run: " + (logged.toString().contains("from two, first") ? "logged" : "lost"));
    // What Tomcat does when it stops an application.
    Thread.currentThread().setContextClassLoader(one);
    var manager = LogManager.getLogManager();
    manager.getClass().getMethod("reset").invoke(manager);
    Thread.currentThread().setContextClassLoader(two);
    Shared.work("from two, again");
    System.out.println(
        "the first was stopped: " + (logged.toString().contains("from two, again") ? "logged" : "lost"));
    System.setErr(console);
  }
}
JAVA
javac Main.java
seen=$(java -Djava.util.logging.manager=org.apache.juli.ClassLoaderLogManager \
  -Djava.util.logging.config.file=logging.properties -cp .:tomcat-juli-11.0.14.jar Main)
echo "$seen"
diff <(printf '%s\n' "both applications run: logged" "the first was stopped: lost") <(echo "$seen")
