package dev.holdfast.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.container.WarBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import javax.tools.ToolProvider;

/** Class files of sources that a test gives. */
final class Compiled {
  private Compiled() {}

  /**
   * Compiles against the class path of the tests.
   *
   * @param sources each with its package declaration; the file is named after the first public type
   * @return the class files by path
   */
  static Map<String, byte[]> classes(Path directory, String... sources) {
    try {
      Path root = Files.createTempDirectory(directory, "classes");
      List<String> arguments =
          new ArrayList<>(
              List.of(
                  "-proc:none",
                  "-nowarn",
                  "-d",
                  root.toString(),
                  "-cp",
                  System.getProperty("java.class.path")));
      for (String source : sources) {
        Path file = Files.createTempDirectory(directory, "source").resolve(nameIn(source));
        Files.writeString(file, source);
        arguments.add(file.toString());
      }
      assertThat(
              ToolProvider.getSystemJavaCompiler()
                  .run(null, null, null, arguments.toArray(new String[0])))
          .isZero();
      Map<String, byte[]> classes = new TreeMap<>();
      try (Stream<Path> files = Files.walk(root)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          classes.put(root.relativize(file).toString(), Files.readAllBytes(file));
        }
      }
      return classes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String nameIn(String source) {
    String[] words = source.substring(source.indexOf("public ")).split("\\W+");
    for (int i = 0; i < words.length - 1; i++) {
      if (List.of("class", "interface", "record", "enum").contains(words[i])) {
        return words[i + 1] + ".java";
      }
    }
    throw new IllegalArgumentException(source);
  }

  /** A WAR with these in WEB-INF/classes, not written yet. */
  static WarBuilder war(Path directory, String... sources) {
    WarBuilder war = WarBuilder.empty().webXml("");
    classes(directory, sources)
        .forEach((path, bytes) -> war.bytes("WEB-INF/classes/" + path, bytes));
    return war;
  }

  /** A jar of these files. */
  static byte[] jar(Map<String, byte[]> files) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JarOutputStream jar = new JarOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        jar.putNextEntry(new ZipEntry(file.getKey()));
        jar.write(file.getValue());
        jar.closeEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
