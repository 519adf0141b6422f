package dev.holdfast.container;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.commons.ClassRemapper;
import org.objectweb.asm.commons.Remapper;

/**
 * A WAR of the tests, written anew for {@code javax.servlet}: its classes, pages and descriptors
 * name that API, and our jar, with or without libraries beside it, is the javax jar. Other
 * libraries stay as they are.
 */
final class JavaxWar {
  private static final List<String> TEXTS =
      List.of(".xml", ".jsp", ".jspf", ".tag", ".tld", ".properties");

  private static final Remapper TO_JAVAX =
      new Remapper(Opcodes.ASM9) {
        @Override
        public String map(String internalName) {
          return internalName.startsWith("jakarta/")
              ? "javax/" + internalName.substring("jakarta/".length())
              : internalName;
        }

        @Override
        public Object mapValue(Object value) {
          return value instanceof String text && text.startsWith("jakarta.")
              ? "javax." + text.substring("jakarta.".length())
              : super.mapValue(value);
        }
      };

  private final Path war;
  private final Path target;
  private final Set<String> ours = new HashSet<>();
  private FileTime written = FileTime.fromMillis(0);

  /**
   * Writes it.
   *
   * @param war a file or a directory
   * @param target a directory that is not there yet
   */
  JavaxWar(Path war, Path target) throws IOException {
    this.war = war;
    this.target = target;
    ours.add(WarBuilder.jarNamedBy("holdfast.jar").getFileName().toString());
    ours.add(WarBuilder.jarNamedBy("holdfast.all.jar").getFileName().toString());
    try (Stream<Path> libraries = Files.list(WarBuilder.librariesOfHoldfast())) {
      libraries.forEach(library -> ours.add(library.getFileName().toString()));
    }
    write();
  }

  /** Where it is. */
  Path directory() {
    return target;
  }

  /** Writes it anew if the WAR has changed. */
  void renew() {
    try {
      if (lastChange().compareTo(written) > 0) {
        WarBuilder.clear(target);
        write();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private FileTime lastChange() throws IOException {
    FileTime last = FileTime.fromMillis(0);
    try (Stream<Path> files = Files.walk(war)) {
      for (Path file : files.toList()) {
        FileTime changed = Files.getLastModifiedTime(file);
        last = changed.compareTo(last) > 0 ? changed : last;
      }
    }
    return last;
  }

  private void write() throws IOException {
    written = lastChange();
    Files.createDirectories(target);
    if (Files.isDirectory(war)) {
      try (Stream<Path> files = Files.walk(war)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          try (InputStream in = Files.newInputStream(file)) {
            add(war.relativize(file).toString(), in);
          }
        }
      }
    } else {
      try (ZipInputStream in = new ZipInputStream(Files.newInputStream(war))) {
        for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
          if (!entry.isDirectory()) {
            add(entry.getName(), in);
          }
        }
      }
    }
  }

  private void add(String path, InputStream in) throws IOException {
    Path file = target.resolve(path);
    Files.createDirectories(file.getParent());
    if (ours.contains(file.getFileName().toString())) {
      Path jar = WarBuilder.jarNamedBy("holdfast.all.javax.jar");
      Path copy = file.resolveSibling(jar.getFileName());
      if (!Files.exists(copy)) {
        Files.copy(jar, copy);
      }
      return;
    }
    try (OutputStream out = Files.newOutputStream(file)) {
      if (path.endsWith(".class")) {
        ClassWriter writer = new ClassWriter(0);
        new ClassReader(in).accept(new ClassRemapper(writer, TO_JAVAX), 0);
        out.write(writer.toByteArray());
      } else if (TEXTS.stream().anyMatch(path::endsWith)) {
        String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        out.write(ofText(text).getBytes(StandardCharsets.UTF_8));
      } else {
        in.transferTo(out);
      }
    }
  }

  private static String ofText(String text) {
    return text.replace("https://jakarta.ee/xml/ns/jakartaee", "http://xmlns.jcp.org/xml/ns/javaee")
        .replace("web-app_6_0.xsd", "web-app_4_0.xsd")
        .replace("version=\"6.0\"", "version=\"4.0\"")
        .replaceAll("jakarta\\.(?=servlet|websocket|annotation)", "javax.");
  }
}
