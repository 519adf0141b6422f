package dev.holdfast.preflight;

import dev.holdfast.text.Printable;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The files of a WAR, packed or exploded, and those of the jars in it. Nothing is unpacked to the
 * disk, unless a jar within a packed WAR can only be read from its end.
 *
 * <p>Whoever made the WAR may have meant harm: what is inflated is counted and bounded, not what
 * the archive declares.
 */
final class WarFile implements Closeable {
  /** The largest file that is read whole: 64 MiB. */
  static final int MAX_FILE = 64 << 20;

  /** All that is inflated from one WAR: 4 GiB. */
  private static final long MAX_TOTAL = 4L << 30;

  private static final int MAX_ENTRIES = 1_000_000;

  private final Path path;

  /** Null when the WAR is a directory. */
  private final @Nullable ZipFile zip;

  private final List<String> names;
  private long inflated;
  private int entries;

  /** Takes one file of a jar; what it leaves unread is skipped. */
  interface Taker {
    void take(String name, InputStream in) throws IOException;
  }

  private WarFile(Path path, @Nullable ZipFile zip, List<String> names) {
    this.path = path;
    this.zip = zip;
    this.names = names;
  }

  /**
   * @throws IOException when it cannot be read or is no WAR; the message names it and says why
   */
  static WarFile open(Path path) throws IOException {
    if (!Files.exists(path)) {
      throw new NoSuchFileException(path + " does not exist; name a WAR or an exploded one");
    }
    if (Files.isDirectory(path)) {
      try (Stream<Path> files = Files.walk(path)) {
        return checked(
            new WarFile(
                path,
                null,
                files
                    .filter(Files::isRegularFile)
                    .map(file -> path.relativize(file).toString().replace('\\', '/'))
                    .sorted()
                    .toList()));
      } catch (UncheckedIOException e) {
        throw new IOException(path + " cannot be read: " + e.getMessage(), e);
      }
    }
    ZipFile zip;
    try {
      zip = new ZipFile(path.toFile());
    } catch (IOException | IllegalArgumentException e) {
      throw new IOException(
          path + " cannot be read as a WAR: " + Printable.message(e.getMessage()), e);
    }
    try {
      List<String> names = new ArrayList<>();
      for (ZipEntry entry : Collections.list(zip.entries())) {
        if (!entry.isDirectory()) {
          names.add(entry.getName());
        }
      }
      Collections.sort(names);
      return checked(new WarFile(path, zip, names));
    } catch (IOException | RuntimeException e) {
      zip.close();
      throw e;
    }
  }

  private static WarFile checked(WarFile war) throws IOException {
    if (war.names.stream().noneMatch(name -> name.startsWith("WEB-INF/"))) {
      boolean boot = war.names.stream().anyMatch(name -> name.startsWith("BOOT-INF/"));
      boolean ear = war.names.stream().anyMatch(name -> name.endsWith(".war"));
      throw new IOException(
          war.path
              + " is no WAR: it has no WEB-INF."
              + (boot ? " It is an executable jar of Spring Boot, with its server in it." : "")
              + (ear ? " It holds WARs: unpack it and name one of them." : ""));
    }
    return war;
  }

  /** The paths of all files in it, sorted. */
  List<String> names() {
    return names;
  }

  /**
   * Reads a file of the WAR.
   *
   * @throws IOException when it is damaged or larger than {@link #MAX_FILE}
   */
  byte[] read(String name) throws IOException {
    try (InputStream in = open(name)) {
      return bytes(in, name);
    }
  }

  private InputStream open(String name) throws IOException {
    if (zip == null) {
      return new BufferedInputStream(Files.newInputStream(path.resolve(name)));
    }
    ZipEntry entry = zip.getEntry(name);
    InputStream in = entry == null ? null : zip.getInputStream(entry);
    if (in == null) {
      throw new NoSuchFileException(name);
    }
    return in;
  }

  /** Reads a file that a {@link Taker} was given. */
  byte[] bytes(InputStream in, String name) throws IOException {
    byte[] bytes = in.readNBytes(MAX_FILE + 1);
    if (bytes.length > MAX_FILE) {
      throw new IOException(name + " is larger than " + (MAX_FILE >> 20) + " MiB");
    }
    count(bytes.length);
    return bytes;
  }

  private void count(long bytes) throws IOException {
    inflated += bytes;
    if (inflated > MAX_TOTAL) {
      throw new TooLargeException(
          path + " inflates to more than " + (MAX_TOTAL >> 30) + " GiB; no more of it is read");
    }
  }

  private void countEntry() throws IOException {
    if (++entries > MAX_ENTRIES) {
      throw new TooLargeException(
          path + " has more than " + MAX_ENTRIES + " files in its jars; no more of it is read");
    }
  }

  /** The whole WAR is beyond the limits, not one file of it. */
  static final class TooLargeException extends IOException {
    private static final long serialVersionUID = 1L;

    TooLargeException(String message) {
      super(message);
    }
  }

  /**
   * Hands out each file of a jar in the WAR.
   *
   * @throws TooLargeException beyond the limits
   * @throws IOException when the jar is damaged; what came before the damage was handed out
   */
  void readJar(String name, Taker taker) throws IOException {
    if (zip == null) {
      readZip(path.resolve(name), taker);
      return;
    }
    try (ZipInputStream jar = new ZipInputStream(new BufferedInputStream(open(name)))) {
      boolean any = false;
      for (ZipEntry entry = jar.getNextEntry(); entry != null; entry = jar.getNextEntry()) {
        any = true;
        countEntry();
        if (!entry.isDirectory()) {
          taker.take(entry.getName(), jar);
          skip(jar);
        }
      }
      if (!any) {
        throw new ZipException("it is no zip file, or it is empty");
      }
    } catch (ZipException e) {
      if (!String.valueOf(e.getMessage()).contains("EXT descriptor")) {
        throw e;
      }
      // A stored entry whose length stands behind it: only the directory at the end tells.
      Path copy = Files.createTempFile("holdfast-preflight", ".jar");
      try {
        Files.write(copy, read(name));
        readZip(copy, taker);
      } finally {
        Files.delete(copy);
      }
    }
  }

  /** Inflates what is left of an entry, in pieces, so that it is counted. */
  private void skip(InputStream in) throws IOException {
    byte[] piece = new byte[8192];
    for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
      count(n);
    }
  }

  private void readZip(Path file, Taker taker) throws IOException {
    try (ZipFile jar = new ZipFile(file.toFile())) {
      for (ZipEntry entry : Collections.list(jar.entries())) {
        countEntry();
        if (!entry.isDirectory()) {
          try (InputStream in = jar.getInputStream(entry)) {
            taker.take(entry.getName(), in);
          }
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    if (zip != null) {
      zip.close();
    }
  }
}
