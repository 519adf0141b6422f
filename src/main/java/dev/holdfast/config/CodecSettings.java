package dev.holdfast.config;

import java.util.Set;

/**
 * Which classes may be stored, and which count as plain data.
 *
 * @param allowed {@code codec.allow}: class names, or package names ending in {@code .*}
 * @param plain {@code codec.plain}: class names, or package names ending in {@code .*}
 */
public record CodecSettings(Set<String> allowed, Set<String> plain) {

  /** Declares these settings, and takes their values. */
  static CodecSettings read(SettingsReader reader) {
    SettingsReader shared = reader.shared();
    return new CodecSettings(
        shared.computed(
            "codec.allow",
            Group.FREQUENT,
            new NamesType(NamesType.Kind.CLASSES),
            Set::of,
            "none",
            "Classes that may be stored in a session besides those of the application and the values"
                + " of the JDK and of frameworks. Where packages hold deserialization gadgets, full"
                + " class names only. Not needed with `encryption=required`."),
        shared.computed(
            "codec.plain",
            Group.RARE,
            new NamesType(NamesType.Kind.CLASSES),
            Set::of,
            "none",
            "Classes that are nothing but data though they do not implement `Serializable`: they are"
                + " stored inside Serializable objects too, which Java serialization would refuse."
                + " Without it such an attribute stays on its node. It does not reach inside an"
                + " object with serialization methods of its own, a record, or a collection that the"
                + " application made."));
  }
}
