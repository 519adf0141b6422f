package dev.holdfast.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import org.junit.jupiter.api.Test;

class SettingsTableTest {

  @Test
  void theTableNamesEverySettingOnceUnderItsGroup() {
    String table = SettingsTable.markdown();

    assertThat(table)
        .startsWith("### Essential\n\n| Setting | Default | Values | Nodes | What it decides |\n")
        .contains(
            "\n| `redis.uri` | required | `redis://`, `redis-sentinel://`, `redis-cluster://`; ",
            "\n| `touch.interval` | `60s` | 1s to 1h, whole seconds | ",
            "\n| `cookie.secure` | `always` | `always`, `auto`, `never` | ")
        .endsWith(" |\n");
    assertThat(table.indexOf("### Essential")).isLessThan(table.indexOf("### Frequent"));
    assertThat(table.indexOf("### Frequent")).isLessThan(table.indexOf("### Rare"));
    for (Setting<?> setting : SettingsTable.settings()) {
      assertThat(table).containsOnlyOnce("| `" + setting.name() + "` |");
    }
  }

  @Test
  void noTwoSettingsShareAVariable() {
    HashSet<String> variables = new HashSet<>();
    for (Setting<?> setting : SettingsTable.settings()) {
      assertThat(variables.add(Setting.environmentName(setting.name()))).isTrue();
      assertThat(setting.doc()).doesNotContain("\n", "|").endsWith(".");
    }
  }
}
