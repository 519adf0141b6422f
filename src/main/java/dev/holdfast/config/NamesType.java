package dev.holdfast.config;

import dev.holdfast.text.Printable;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Names separated by commas, in the order written. */
final class NamesType implements ValueType<Set<String>> {

  private static final Pattern PATH = Pattern.compile("/[^*]*(?:/\\*)?|/\\*|\\*\\.[^*/]+");
  private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");

  private final Kind kind;

  NamesType(Kind kind) {
    this.kind = kind;
  }

  /** What is named. */
  enum Kind {
    /** Class names, or package names that end in {@code .*}. */
    CLASSES("class names, or packages ending in `.*`, separated by commas"),
    /** Class names. */
    LISTENERS("class names, separated by commas"),
    /** Any text without a comma, as {@code setAttribute} allows. */
    ATTRIBUTES("attribute names, separated by commas"),
    /** The same, with {@code *} for any text. */
    ATTRIBUTE_PATTERNS("attribute names, `*` for any part of one, separated by commas"),
    /** Servlet URL patterns but for {@code /}. */
    PATHS("paths like `/poll`, `/poll/*` or `*.png`, separated by commas"),
    /** Names of HTTP headers. */
    HEADERS("header names, separated by commas"),
    /** Any text without a comma, as {@code <role-name>} allows. */
    ROLES("role names, separated by commas");

    private final String allowed;

    Kind(String allowed) {
      this.allowed = allowed;
    }
  }

  @Override
  public Set<String> parse(String text) throws InvalidValueException {
    Set<String> names = new LinkedHashSet<>();
    for (String part : text.split(",", -1)) {
      String name = part.strip();
      if (name.isEmpty()) {
        throw new InvalidValueException("a name is missing beside a comma; write " + kind.allowed);
      }
      if (kind == Kind.CLASSES && !isClassOrPackage(name)) {
        throw new InvalidValueException(
            "\""
                + Printable.of(name)
                + "\" names no class and no package; write full names like com.example.Cart, or"
                + " com.example.* for a package");
      }
      if (kind == Kind.LISTENERS && !isClassName(name)) {
        throw new InvalidValueException(
            "\""
                + Printable.of(name)
                + "\" names no class; write full names like com.example.SessionCounter");
      }
      if (kind == Kind.PATHS && !PATH.matcher(name).matches()) {
        throw new InvalidValueException(
            "\""
                + Printable.of(name)
                + "\" is no path of the application; write /poll, /poll/* or *.png");
      }
      if (kind == Kind.HEADERS && !HEADER.matcher(name).matches()) {
        throw new InvalidValueException("\"" + Printable.of(name) + "\" cannot be a header's name");
      }
      names.add(name);
    }
    return Collections.unmodifiableSet(names);
  }

  static boolean isClassName(String name) {
    return !name.endsWith(".*") && isClassOrPackage(name);
  }

  private static boolean isClassOrPackage(String name) {
    String plain = name.endsWith(".*") ? name.substring(0, name.length() - 2) : name;
    for (String part : plain.split("\\.", -1)) {
      if (part.isEmpty()
          || !Character.isJavaIdentifierStart(part.codePointAt(0))
          || !part.codePoints().allMatch(NamesType::isPartOfClassName)) {
        return false;
      }
    }
    return true;
  }

  /** Accepts the dash too, which compilers of other languages put into names. */
  private static boolean isPartOfClassName(int c) {
    return c == '-' || Character.isJavaIdentifierPart(c);
  }

  @Override
  public String format(Set<String> value) {
    return value.isEmpty() ? "none" : String.join(", ", value);
  }

  /**
   * Of attributes and listeners the first one comes first; the order of other names says nothing.
   */
  @Override
  public String compared(Set<String> value) {
    return kind == Kind.ATTRIBUTES || kind == Kind.LISTENERS
        ? format(value)
        : format(new TreeSet<>(value));
  }

  @Override
  public String allowed() {
    return kind.allowed;
  }
}
