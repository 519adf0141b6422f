package dev.holdfast.redis.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Records what Redis executes, by MONITOR. Every question is fenced: a marker is sent on another
 * connection and awaited in the stream, so that all commands that Redis had executed when the
 * question was asked are in the answer.
 */
public final class RedisMonitor implements AutoCloseable {
  private static final Pattern LINE = Pattern.compile("[0-9.]+ \\[\\d+ ([^\\]]*)\\] (.*)");

  private final RunningRedis server;
  private final RespSocket stream;
  private final RespSocket fence;
  private final List<Line> lines = new ArrayList<>();

  /**
   * One executed command.
   *
   * @param client {@code host:port}, or {@code lua} for a call made by a script
   * @param text the quoted words, non-printable bytes as {@code \xNN}
   */
  public record Line(String client, String text) {
    /** The command's name in capitals. */
    public String name() {
      int end = text.indexOf('"', 1);
      return text.substring(1, end).toUpperCase(Locale.ROOT);
    }
  }

  /** Monitors {@code server} from now on. */
  public RedisMonitor(RunningRedis server) {
    this.server = server;
    try {
      stream = server.connect();
      stream.command("MONITOR");
      fence = server.connect();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Names of the commands that clients sent since the last {@link #clear()}, in order. */
  public synchronized List<String> commands() {
    return sent().stream().map(Line::name).toList();
  }

  /** The commands that clients sent, without those of {@link RunningRedis#command}. */
  public synchronized List<Line> sent() {
    fence();
    return lines.stream()
        .filter(line -> !line.client().equals("lua") && !server.isAdmin(line.client()))
        .toList();
  }

  /** Everything, with what scripts call and what {@link RunningRedis#command} sent. */
  public synchronized List<Line> all() {
    fence();
    return List.copyOf(lines);
  }

  /** Forgets what was executed until now. */
  public synchronized void clear() {
    fence();
    lines.clear();
  }

  private void fence() {
    String marker = UUID.randomUUID().toString();
    try {
      fence.command("ECHO", marker);
      while (true) {
        String text = stream.line().substring(1);
        Matcher matcher = LINE.matcher(text);
        if (!matcher.matches()) {
          throw new IllegalStateException("Not a line of MONITOR: " + text);
        }
        if (matcher.group(2).contains(marker)) {
          return;
        }
        lines.add(new Line(matcher.group(1), matcher.group(2)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    stream.close();
    fence.close();
  }
}
