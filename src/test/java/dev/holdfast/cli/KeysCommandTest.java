package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.api.BackupUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How long an exchange of keys waits for the backup at its end. */
class KeysCommandTest {
  @Test
  @Timeout(20)
  void theWaitForABackupThatTakesNothingIsGivenUp() {
    assertThatThrownBy(
            () -> KeysCommand.Rotate.untilCopied(() -> 3, Duration.ofMillis(300), told -> {}))
        .isInstanceOf(BackupUnavailableException.class)
        .hasMessageContaining("3 copies")
        .hasMessageContaining("keep the old key");
  }

  @Test
  @Timeout(20)
  void theWaitForABackupThatIsSlowIsNot() throws Exception {
    List<String> told = new ArrayList<>();
    Duration patience = Duration.ofSeconds(2);
    long start = System.nanoTime();

    KeysCommand.Rotate.untilCopied(
        () -> (int) (8 - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start) / 400),
        patience,
        told::add);

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(patience);
    assertThat(told).contains("8 wait to be copied into the backup");
  }
}
