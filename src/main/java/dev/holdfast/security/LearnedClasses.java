package dev.holdfast.security;

import dev.holdfast.security.SecurityEvent.Kind;
import java.io.IOException;
import java.io.Reader;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * The learning mode of the allow-list, for staging: classes that an application puts into its
 * sessions and that the list lacks are let through, each with a security event, and written into a
 * file, as the line that {@code holdfast.properties} of production needs. Read again at the next
 * start, so that what was stored stays readable.
 *
 * <p>Only what the application itself stores teaches anything. Stored bytes that name a class which
 * was not learned are refused as ever, or whoever can write to Redis would write the list.
 */
public final class LearnedClasses {
  /** So many classes no application has in its sessions. */
  static final int MAX = 10_000;

  private static final String SETTING = "codec.allow";
  private static final Logger LOG = System.getLogger(LearnedClasses.class.getName());

  private final Path file;
  private final Set<String> given;
  private final SecurityEvents security;
  private final Set<String> learned = new ConcurrentSkipListSet<>();

  /**
   * @param file is read if it is there, and written
   * @param given what {@code codec.allow} says already; stands in the file too
   * @throws IllegalArgumentException when the file cannot be read and written
   */
  public LearnedClasses(Path file, Set<String> given, SecurityEvents security) {
    this.file = file;
    this.given = Set.copyOf(given);
    this.security = security;
    try {
      if (Files.exists(file)) {
        read();
      }
      write();
    } catch (IOException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "codec.learn: " + file + " cannot be read and written (" + e + ")", e);
    }
  }

  private void read() throws IOException {
    Properties properties = new Properties();
    try (Reader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      properties.load(in);
    }
    for (String name : properties.getProperty(SETTING, "").split(",", -1)) {
      if (!name.isBlank() && !given.contains(name.strip())) {
        learned.add(name.strip());
      }
    }
  }

  private void write() throws IOException {
    Set<String> names = new TreeSet<>(given);
    names.addAll(learned);
    Files.writeString(
        file,
        "# Learned by Holdfast: classes that sessions held. Read through them: what need not be in"
            + " a session should not be here.\n"
            + SETTING
            + "="
            + String.join(",", names)
            + "\n");
  }

  boolean contains(String className) {
    return learned.contains(className);
  }

  /**
   * Notes a class that the application stores.
   *
   * @return whether it may be stored; not when there are {@value #MAX} already
   */
  synchronized boolean learn(String className) {
    if (learned.size() >= MAX) {
      return learned.contains(className);
    }
    if (!learned.add(className)) {
      return true;
    }
    security.report(
        Kind.CLASS_LEARNED,
        null,
        className + " is not on the class allow-list; codec.learn lets it through");
    try {
      write();
    } catch (IOException e) {
      LOG.log(
          Level.WARNING, "codec.learn: " + file + " cannot be written; it lacks " + className, e);
    }
    return true;
  }

  /** For the start-up report. */
  @Override
  public String toString() {
    return learned.size() + " learned in " + file;
  }
}
