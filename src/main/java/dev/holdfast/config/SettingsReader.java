package dev.holdfast.config;

import dev.holdfast.text.Printable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the value of a setting where a record declares it, and notes what was declared, what was
 * written where, and what is wrong. A wrong setting has its default until all are read.
 */
final class SettingsReader {
  private final List<Source> sources;
  private final List<Setting<?>> declared;
  private final List<WrittenSetting> written;
  private final Set<String> writtenNames;
  private final List<String> faults;

  /** What other nodes are told, by name. */
  private final Map<String, String> compared;

  /** Whether all nodes need the same values of what is declared here. */
  private final boolean shared;

  /**
   * @param sources strongest first
   */
  SettingsReader(List<Source> sources) {
    this.sources = sources;
    this.declared = new ArrayList<>();
    this.written = new ArrayList<>();
    this.writtenNames = new HashSet<>();
    this.faults = new ArrayList<>();
    this.compared = new HashMap<>();
    this.shared = false;
  }

  private SettingsReader(SettingsReader reader) {
    this.sources = reader.sources;
    this.declared = reader.declared;
    this.written = reader.written;
    this.writtenNames = reader.writtenNames;
    this.faults = reader.faults;
    this.compared = reader.compared;
    this.shared = true;
  }

  /**
   * This reader, for settings of which all nodes that share the sessions of an application need the
   * same value: each node compares its own with those of the others.
   */
  SettingsReader shared() {
    return new SettingsReader(this);
  }

  /**
   * A setting with a default.
   *
   * @param defaultText as an administrator would write it
   */
  <T> T declared(String name, Group group, ValueType<T> type, String defaultText, String doc) {
    T value = given(name, group, type, "`" + defaultText + "`", doc);
    return compared(name, type, value == null ? parsed(name, type, defaultText) : value);
  }

  /** A setting whose default cannot be written, or depends on other settings. */
  <T> T computed(
      String name,
      Group group,
      ValueType<T> type,
      Supplier<? extends T> otherwise,
      String defaultDoc,
      String doc) {
    T value = given(name, group, type, defaultDoc, doc);
    return compared(name, type, value == null ? otherwise.get() : value);
  }

  /**
   * A setting that must be written.
   *
   * @param example for the message that asks for it
   */
  <T> T required(
      String name, Group group, ValueType<T> type, String example, String why, String doc) {
    T value = given(name, group, type, "required", doc);
    if (!isWritten(name)) {
      faults.add(
          "no source: "
              + name
              + ": missing, and "
              + why
              + "; set the environment variable "
              + Setting.environmentName(name)
              + " or the filter's init-param "
              + name
              + ", for example to "
              + example);
    }
    return value == null ? parsed(name, type, example) : value;
  }

  /** A setting without a default: null when it is not written. */
  <T> @Nullable T given(
      String name, Group group, ValueType<T> type, String defaultDoc, String doc) {
    Setting<T> setting = new Setting<>(name, group, type, defaultDoc, doc, shared);
    declared.add(setting);
    T value = null;
    for (Source source : sources) {
      value = readFrom(source, setting, value);
    }
    if (shared) {
      compared.put(name, value == null ? "none" : type.compared(value));
    }
    return value;
  }

  private <T> T compared(String name, ValueType<T> type, T value) {
    if (shared) {
      compared.put(name, type.compared(value));
    }
    return value;
  }

  private static <T> T parsed(String name, ValueType<T> type, String text) {
    try {
      return type.parse(text);
    } catch (InvalidValueException e) {
      throw new IllegalStateException("default of " + name + ": " + e.getMessage(), e);
    }
  }

  /** What this source says, unless a stronger one has said something. */
  private <T> @Nullable T readFrom(Source source, Setting<T> setting, @Nullable T stronger) {
    String found = null;
    T value = stronger;
    for (String spelling : source.spellings(setting.name())) {
      String text = source.value(spelling);
      if (text == null) {
        continue;
      }
      if (found != null) {
        faults.add(
            fault(source, spelling, setting, text, "also written as " + found + "; remove one"));
        continue;
      }
      found = spelling;
      try {
        T parsed = parse(setting, text);
        if (writtenNames.add(setting.name())) {
          value = parsed;
          String shown = Printable.of(setting.type().format(parsed));
          written.add(new WrittenSetting(setting.name(), shown, source.name()));
        }
      } catch (InvalidValueException e) {
        writtenNames.add(setting.name());
        faults.add(fault(source, spelling, setting, text, String.valueOf(e.getMessage())));
      }
    }
    return value;
  }

  private static <T> T parse(Setting<T> setting, String text) throws InvalidValueException {
    String stripped = text.strip();
    if (stripped.isEmpty()) {
      throw new InvalidValueException(
          "empty; write a value or remove the setting (default: " + setting.defaultDoc() + ")");
    }
    return setting.type().parse(stripped);
  }

  private static String fault(
      Source source, String name, Setting<?> setting, String text, String whatIsWrong) {
    String shown = Printable.of(setting.type().shown(text.strip()));
    return source.name() + ": " + name + " = " + shown + ": " + whatIsWrong;
  }

  /** Whether any source has it, valid or not. Call it only after the declaration. */
  boolean isWritten(String name) {
    return writtenNames.contains(name);
  }

  /**
   * Notes a fault if more than one of these is written.
   *
   * @param remedy why that is wrong, and what to do
   * @return those that are written
   */
  List<String> atMostOne(String remedy, String... names) {
    List<String> present = Stream.of(names).filter(this::isWritten).toList();
    if (present.size() > 1) {
      faults.add(String.join(" and ", present) + " are set at once; " + remedy);
    }
    return present;
  }

  /** Notes a fault in how settings go together. */
  void fault(String fault) {
    faults.add(fault);
  }

  /** All faults, including names that nobody declared. Call it only after all declarations. */
  List<String> faults() {
    List<String> all = new ArrayList<>(faults);
    sources.forEach(source -> findUnknown(source, all));
    return all;
  }

  private void findUnknown(Source source, List<String> all) {
    List<String> known =
        declared.stream().flatMap(setting -> source.spellings(setting.name()).stream()).toList();
    for (String name : source.names()) {
      if (!known.contains(name)) {
        all.add(source.name() + ": " + Printable.of(name) + ": " + unknown(name, known));
      }
    }
  }

  /** Leaves out the value: nobody knows whether it is a password. */
  private static String unknown(String name, List<String> known) {
    String nearest = NearestName.of(name, known);
    return nearest == null
        ? "there is no such setting; remove it"
        : "there is no such setting, did you mean " + nearest + "?";
  }

  /** Every setting, in the order of the documentation. */
  List<Setting<?>> declared() {
    return declared;
  }

  /** The values, by name, of what all nodes have to agree on; call it after all declarations. */
  Map<String, String> compared() {
    return compared;
  }

  /** What is not left to its default, in the same order. */
  List<WrittenSetting> written() {
    return written;
  }
}
