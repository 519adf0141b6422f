package dev.holdfast.config;

import java.util.List;

/** The documentation of all settings, in Markdown. */
public final class SettingsTable {

  private SettingsTable() {}

  /** Every setting, in the order in which they are declared. */
  static List<Setting<?>> settings() {
    SettingsReader reader = new SettingsReader(List.of());
    Settings unused = Settings.read(reader, new DefaultApp(null, ""));
    return reader.declared();
  }

  /**
   * One table for each group, essential first, under headings of the third level. Lines end in
   * {@code \n}, the last one too.
   */
  public static String markdown() {
    StringBuilder out = new StringBuilder();
    for (Group group : Group.values()) {
      if (out.length() > 0) {
        out.append('\n');
      }
      out.append("### ").append(group.title()).append("\n\n");
      out.append(
          "| Setting | Default | Values | Nodes | What it decides |\n|---|---|---|---|---|\n");
      for (Setting<?> setting : settings()) {
        if (setting.group() == group) {
          out.append("| `").append(setting.name()).append("` | ").append(setting.defaultDoc());
          out.append(" | ").append(setting.type().allowed());
          out.append(setting.shared() ? " | same | " : " | any | ")
              .append(setting.doc())
              .append(" |\n");
        }
      }
    }
    return out.toString();
  }
}
