package dev.holdfast.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Settings that are wrong: all faults in one message, one a line, credentials hidden. */
public final class ConfigurationException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  private final List<String> faults;

  ConfigurationException(List<String> faults, @Nullable Throwable cause) {
    super(message(faults), cause);
    this.faults = List.copyOf(faults);
  }

  private static String message(List<String> faults) {
    String count = faults.size() == 1 ? "1 fault" : faults.size() + " faults";
    return "Holdfast's settings have " + count + ":\n  " + String.join("\n  ", faults);
  }

  /** Each as {@code <source>: <name> = <value>: what is wrong, what is right}; at least one. */
  public List<String> faults() {
    return faults;
  }
}
