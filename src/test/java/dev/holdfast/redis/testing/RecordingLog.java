package dev.holdfast.redis.testing;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.jspecify.annotations.Nullable;

/** Everything that is logged, at the finest level. */
public final class RecordingLog extends Handler {
  private final StringBuffer text = new StringBuffer();
  private final Logger root = Logger.getLogger("");
  private final @Nullable Level level = root.getLevel();

  public RecordingLog() {
    root.setLevel(Level.ALL);
    root.addHandler(this);
  }

  public String text() {
    return text.toString();
  }

  @Override
  public void publish(LogRecord entry) {
    text.append(new SimpleFormatter().format(entry)).append('\n');
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    root.removeHandler(this);
    root.setLevel(level);
  }
}
