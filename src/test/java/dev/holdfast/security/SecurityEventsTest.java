package dev.holdfast.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.holdfast.api.SecurityEvent;
import dev.holdfast.api.SecurityEvent.Kind;
import dev.holdfast.api.SecurityListener;
import java.security.SecureRandom;
import java.text.MessageFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Security checklist 1.2, "Security events". */
class SecurityEventsTest {
  private static final Logger LOGGER = Logger.getLogger(SecurityEvents.LOGGER);
  private static final String LOCATOR = "AAAAAAAAAAAAAAAAAAAAAA";

  private final List<String> lines = new ArrayList<>();
  private final List<SecurityEvent> told = new ArrayList<>();
  private final AtomicLong nanoTime = new AtomicLong(Long.MAX_VALUE - 1);
  private final SecurityEvents events = new SecurityEvents(List.of(told::add), nanoTime::get);
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord line) {
          lines.add(
              line.getLevel()
                  + " "
                  + MessageFormat.format(line.getMessage(), line.getParameters()));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  /** Named in {@code security.listeners} by a test below. */
  public static final class Recorder implements SecurityListener {
    static final List<SecurityEvent> TOLD = new ArrayList<>();

    @Override
    public void event(SecurityEvent event) {
      TOLD.add(event);
    }
  }

  @BeforeEach
  void listen() {
    LOGGER.addHandler(handler);
    LOGGER.setUseParentHandlers(false);
  }

  @AfterEach
  void stop() {
    LOGGER.removeHandler(handler);
    LOGGER.setUseParentHandlers(true);
  }

  @Test
  void everyActOfAnAdminIsALine() {
    for (int i = 0; i < 25; i++) {
      events.report(Kind.ADMIN_ACTED, LOCATOR, "act " + i);
      events.report(Kind.SESSION_ENDED, LOCATOR, "end " + i);
    }

    assertThat(lines).filteredOn(line -> line.contains("ADMIN_ACTED")).hasSize(25);
    assertThat(lines)
        .filteredOn(line -> line.contains("SESSION_ENDED"))
        .hasSize(SecurityEvents.PER_WINDOW);
    assertThat(told).hasSize(50);
  }

  @Test
  void anEventIsOneLineOnALoggerOfItsOwn() {
    events.report(Kind.DUPLICATE_IDS, LOCATOR, "two cookies");

    assertThat(lines)
        .containsExactly(
            "WARNING DUPLICATE_IDS session=" + SecurityEvents.shortHash(LOCATOR) + ": two cookies");
    assertThat(told)
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.kind()).isEqualTo(Kind.DUPLICATE_IDS);
              assertThat(event.session()).isEqualTo(SecurityEvents.shortHash(LOCATOR));
              assertThat(event.detail()).isEqualTo("two cookies");
            });
  }

  @Test
  void aSessionIsNamedByAShortHashAndNeverByItsLocator() {
    events.report(Kind.WRONG_SECRET, LOCATOR, "x");

    assertThat(SecurityEvents.shortHash(LOCATOR)).matches("[0-9a-f]{12}");
    assertThat(lines + told.toString()).doesNotContain(LOCATOR);
  }

  @Test
  void whatAClientSentCannotStartALineOfItsOwnNorReachATerminal() {
    events.report(
        Kind.UNKNOWN_ID,
        null,
        "a\r\nWARNING forged {0}\u2028\u202e\u001b[2J\u0000\u0085 back\\slash \u00e4");

    assertThat(lines)
        .containsExactly(
            "INFO UNKNOWN_ID session=-: a\\u000d\\u000aWARNING forged {0}\\u2028\\u202e\\u001b[2J"
                + "\\u0000\\u0085 back\\\\slash \\u00e4");
    assertThat(told.get(0).detail()).matches("[ -~]*");
  }

  @Test
  void longTextIsCut() {
    events.report(Kind.UNKNOWN_ID, null, "\n".repeat(100_000));

    assertThat(told.get(0).detail()).hasSizeLessThan(420).endsWith("...");
  }

  @Test
  void aTokenGoesNoFurther() {
    SessionToken token = SessionToken.create(new SecureRandom());

    events.report(Kind.UNKNOWN_ID, token.locator(), "sent " + token.value());

    assertThat(lines + told.toString()).doesNotContain(token.value()).contains("sent (token)");
  }

  @Test
  void aFloodIsRationedPerKindAndCounted() {
    for (int i = 0; i < 1000; i++) {
      events.report(Kind.UNKNOWN_ID, null, "flood");
    }
    events.report(Kind.WRONG_SECRET, null, "the one that matters");
    nanoTime.addAndGet(SecurityEvents.WINDOW.toNanos());
    events.report(Kind.UNKNOWN_ID, null, "later");

    assertThat(lines).hasSize(SecurityEvents.PER_WINDOW + 2);
    assertThat(lines).contains("WARNING WRONG_SECRET session=-: the one that matters");
    assertThat(lines)
        .last()
        .isEqualTo("INFO UNKNOWN_ID session=-: later (and 990 more since the last such line)");
    assertThat(told).hasSize(SecurityEvents.PER_WINDOW + 2);
  }

  @Test
  void aListenerHearsEveryEventThatTakesALogin() {
    for (int i = 0; i < 100; i++) {
      events.report(Kind.ID_ROTATED, LOCATOR, "login");
    }

    assertThat(told).hasSize(100);
    assertThat(lines).hasSize(SecurityEvents.PER_WINDOW);
  }

  @Test
  void aListenerThatThrowsStopsNobody() {
    SecurityEvents failing =
        SecurityEvents.to(
            List.of(
                event -> {
                  throw new IllegalStateException("no mail server");
                },
                told::add));

    failing.report(Kind.DUPLICATE_IDS, null, "x");

    assertThat(told).hasSize(1);
    assertThat(lines).hasSize(2).last().asString().contains("failed");
  }

  @Test
  void listenersAreMadeFromTheNamesInTheSetting() {
    Recorder.TOLD.clear();

    SecurityEvents.to(List.of(Recorder.class.getName()), getClass().getClassLoader())
        .report(Kind.DUPLICATE_IDS, null, "x");

    assertThat(Recorder.TOLD).hasSize(1);
  }

  @Test
  void everyClassThatIsNoListenerIsNamedAtStart() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                SecurityEvents.to(
                    List.of("com.example.Missing", "java.lang.Object"),
                    getClass().getClassLoader()))
        .withMessageContaining("com.example.Missing")
        .withMessageContaining("java.lang.Object")
        .withMessageContaining("dev.holdfast.api.SecurityListener");
  }
}
