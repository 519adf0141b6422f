package dev.holdfast.config;

import java.util.Set;

/**
 * How attributes are stored.
 *
 * @param changes {@code changes}
 * @param conflict {@code conflict}
 * @param unserializable {@code unserializable}
 * @param local {@code attributes.local}: names of attributes that stay on their node, {@code *} in
 *     one stands for any text
 */
public record AttributeSettings(
    ChangeDetection changes, Conflict conflict, Unserializable unserializable, Set<String> local) {

  /** Declares these settings, and takes their values. */
  static AttributeSettings read(SettingsReader reader) {
    SettingsReader shared = reader.shared();
    return new AttributeSettings(
        shared.declared(
            "changes",
            Group.RARE,
            new ChoiceType<>(ChangeDetection.class),
            "content",
            "How a changed attribute is found: by its `content`, or only by `setAttribute` (`set`),"
                + " which costs less."),
        shared.declared(
            "conflict",
            Group.RARE,
            new ChoiceType<>(Conflict.class),
            "drop",
            "What happens when another node has written an object that this node changed in"
                + " place: `drop` the change and warn, or `fail` with 409."),
        shared.declared(
            "unserializable",
            Group.RARE,
            new ChoiceType<>(Unserializable.class),
            "local",
            "A value whose class cannot be stored: stays on this node (`local`), or `setAttribute`"
                + " throws (`refuse`). With `<distributable/>` in web.xml it always throws. One whose"
                + " own code fails is tried again when the session is saved, and decided then."),
        shared.computed(
            "attributes.local",
            Group.RARE,
            new NamesType(NamesType.Kind.ATTRIBUTE_PATTERNS),
            Set::of,
            "none",
            "Attributes that stay on the node that set them, without a warning: a connection, the"
                + " state of a user interface. Needs a sticky balancer."));
  }

  /** The same, but values that cannot be stored are refused. */
  AttributeSettings refusingUnserializable() {
    return new AttributeSettings(changes, conflict, Unserializable.REFUSE, local);
  }
}
