package dev.holdfast.config;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/** Names parted by commas, in the order written. */
final class NamesType implements ValueType<Set<String>> {

  private final Kind kind;

  NamesType(Kind kind) {
    this.kind = kind;
  }

  /** What is named. */
  enum Kind {
    /** Class names, or package names that end in {@code .*}. */
    CLASSES("class names, or packages ending in `.*`, parted by commas"),
    /** Class names. */
    LISTENERS("class names, parted by commas"),
    /** Any text without a comma, as {@code <role-name>} allows. */
    ROLES("role names, parted by commas");

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
                + SafeText.of(name)
                + "\" names no class and no package; write full names like com.example.Cart, or"
                + " com.example.* for a package");
      }
      if (kind == Kind.LISTENERS && !isClassName(name)) {
        throw new InvalidValueException(
            "\""
                + SafeText.of(name)
                + "\" names no class; write full names like com.example.SessionCounter");
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
          || !part.codePoints().allMatch(Character::isJavaIdentifierPart)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String format(Set<String> value) {
    return value.isEmpty() ? "none" : String.join(", ", value);
  }

  @Override
  public String allowed() {
    return kind.allowed;
  }
}
