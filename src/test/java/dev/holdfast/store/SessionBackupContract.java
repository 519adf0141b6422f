package dev.holdfast.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every backup does, run against a real database. */
public abstract class SessionBackupContract {
  private static final SecureRandom RANDOM = new SecureRandom();
  protected static final Instant SOON = Instant.parse("2030-01-01T00:00:00Z");
  protected static final Instant LATER = SOON.plusSeconds(3600);

  /** The backup under test, prepared. */
  protected abstract SessionBackup backup();

  /** Another node's, of the same application. */
  protected abstract SessionBackup otherNode();

  /** Of another application, in the same table. */
  protected abstract SessionBackup otherApplication();

  @Test
  void aCopyComesBackAsItWas() {
    byte[] fields = new byte[300_000];
    RANDOM.nextBytes(fields);
    Stamp stamp = new Stamp(Long.MAX_VALUE, Long.MIN_VALUE);
    SessionSnapshot kept =
        new SessionSnapshot(locator(), 7, 1_795_000_000_000_001L, stamp, LATER, SOON, fields);

    backup().keep(List.of(kept));

    SessionSnapshot found = requireNonNull(otherNode().find(kept.locator()));
    assertThat(found).usingRecursiveComparison().isEqualTo(kept);
    assertThat(otherApplication().find(kept.locator())).isNull();
    assertThat(backup().find(locator())).isNull();
  }

  @Test
  void aLateCopyNeverReplacesANewerOne() {
    String locator = locator();
    backup().keep(List.of(copy(locator, 1, 50, "new")));

    backup().keep(List.of(copy(locator, 1, 49, "taken before")));
    assertThat(content(locator)).isEqualTo("new");
    otherNode().keep(List.of(copy(locator, 0, 99, "older epoch")));
    assertThat(content(locator)).isEqualTo("new");
    otherNode().keep(List.of(copy(locator, 1, 51, "taken after")));
    assertThat(content(locator)).isEqualTo("taken after");
    backup().keep(List.of(copy(locator, 2, 1, "newer epoch")));
    assertThat(content(locator)).isEqualTo("newer epoch");
  }

  @Test
  void aLateCopyInABatchDoesNotHoldBackTheOthers() {
    String newer = locator();
    String ended = locator();
    String fresh = locator();
    backup().keep(List.of(copy(newer, 1, 50, "new")));
    backup().end(ended, LATER);

    backup()
        .keep(
            List.of(
                copy(newer, 0, 60, "late"), copy(ended, 9, 60, "late"), copy(fresh, 0, 1, "x")));

    assertThat(content(newer)).isEqualTo("new");
    assertThat(backup().find(ended)).isNull();
    assertThat(content(fresh)).isEqualTo("x");
  }

  @Test
  void anEndIsFinalWhetherThereWasACopyOrNot() {
    String copied = locator();
    String never = locator();
    backup().keep(List.of(copy(copied, 0, 1, "x")));

    backup().end(copied, SOON);
    otherNode().end(copied, LATER);
    otherNode().end(never, LATER);
    for (String locator : List.of(copied, never)) {
      backup().keep(List.of(copy(locator, 5, Long.MAX_VALUE, "undead")));
      backup().keep(List.of(copy(locator, 5, Long.MAX_VALUE, "undead"), copy(locator(), 0, 1, "")));
      assertThat(backup().find(locator)).isNull();
      assertThat(backup().prolong(List.of(mark(copy(locator, 5, 0, ""))))).containsExactly(locator);
    }
    assertThat(pages(100)).doesNotContain(copied, never);
  }

  @Test
  void nodesThatWriteTheSameSessionsAtOnceAgreeOnTheNewest() {
    List<String> locators = IntStream.range(0, 40).mapToObj(i -> locator()).toList();
    List<CompletableFuture<Void>> writers = new ArrayList<>();
    for (int writer = 1; writer <= 4; writer++) {
      SessionBackup node = writer % 2 == 0 ? backup() : otherNode();
      int first = writer;
      writers.add(
          CompletableFuture.runAsync(
              () -> {
                for (int round = 0; round < 5; round++) {
                  long taken = round * 4L + first;
                  node.keep(locators.stream().map(l -> copy(l, 0, taken, "" + taken)).toList());
                }
              }));
    }
    writers.forEach(CompletableFuture::join);

    locators.forEach(locator -> assertThat(content(locator)).isEqualTo("20"));
  }

  @Test
  void deadlinesMoveForwardWhileTheContentIsTheSame() {
    SessionSnapshot same = copy(locator(), 0, 1, "x");
    SessionSnapshot changed = copy(locator(), 0, 1, "x");
    String unknown = locator();
    backup().keep(List.of(same, changed));
    Instant deadline = same.deadline().plusSeconds(60);
    Instant accessed = same.accessed().plusSeconds(60);
    Stamp other = new Stamp(2, 3);

    List<String> unlike =
        backup()
            .prolong(
                List.of(
                    new SessionMark(same.locator(), same.stamp(), deadline, accessed),
                    new SessionMark(changed.locator(), other, deadline, accessed),
                    new SessionMark(unknown, other, deadline, accessed)));
    backup().prolong(List.of(new SessionMark(same.locator(), same.stamp(), SOON, SOON)));

    assertThat(unlike).containsExactlyInAnyOrder(changed.locator(), unknown);
    SessionSnapshot found = requireNonNull(backup().find(same.locator()));
    assertThat(found.deadline()).isEqualTo(deadline);
    assertThat(found.accessed()).isEqualTo(accessed);
  }

  @Test
  void pagesGiveEveryLiveSessionOnce() {
    List<String> live = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      SessionSnapshot copy = copy(locator(), 0, 1, "x");
      live.add(copy.locator());
      backup().keep(List.of(copy));
    }
    SessionSnapshot over = copy(locator(), 0, 1, "x");
    over =
        new SessionSnapshot(
            over.locator(), 0, 1, over.stamp(), SOON, over.accessed(), over.fields());
    backup().keep(List.of(over));
    otherApplication().keep(List.of(copy(locator(), 0, 1, "x")));

    List<String> seen = pages(7);

    assertThat(seen).doesNotHaveDuplicates().containsAll(live).doesNotContain(over.locator());
    assertThat(backup().count(SOON)).isEqualTo(seen.size());
  }

  @Test
  void whatIsOverIsForgottenInPiecesAndNothingElse() {
    Instant past = Instant.parse("2020-01-01T00:00:00Z");
    List<String> over = IntStream.range(0, 5).mapToObj(i -> locator()).toList();
    over.forEach(locator -> backup().end(locator, past));
    String live = locator();
    backup().end(live, LATER);

    assertThat(backup().purge(past.plusSeconds(1), 3)).isEqualTo(3);
    assertThat(backup().purge(past.plusSeconds(1), 3)).isEqualTo(2);
    assertThat(backup().purge(past.plusSeconds(1), 3)).isZero();

    backup().keep(List.of(copy(over.get(0), 0, 1, "x"), copy(live, 0, 1, "x")));
    assertThat(backup().find(over.get(0))).isNotNull();
    assertThat(backup().find(live)).isNull();
  }

  private List<String> pages(int size) {
    List<String> seen = new ArrayList<>();
    String after = "";
    while (true) {
      List<SessionSnapshot> page = backup().page(after, size, SOON);
      if (page.isEmpty()) {
        return seen;
      }
      assertThat(page).hasSizeLessThanOrEqualTo(size);
      page.forEach(copy -> seen.add(copy.locator()));
      after = page.get(page.size() - 1).locator();
    }
  }

  private String content(String locator) {
    return new String(requireNonNull(backup().find(locator)).fields(), UTF_8);
  }

  private static SessionMark mark(SessionSnapshot copy) {
    return new SessionMark(copy.locator(), copy.stamp(), copy.deadline(), copy.accessed());
  }

  public static SessionSnapshot copy(String locator, long epoch, long taken, String content) {
    Stamp stamp = Stamp.first(RANDOM);
    return new SessionSnapshot(locator, epoch, taken, stamp, LATER, SOON, content.getBytes(UTF_8));
  }

  public static String locator() {
    byte[] bytes = new byte[16];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
