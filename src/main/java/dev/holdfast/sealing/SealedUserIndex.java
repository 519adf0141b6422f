package dev.holdfast.sealing;

import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.store.KeyRegister;
import dev.holdfast.store.UserIndex;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * An index that keeps users in another one, under names that only holders of the key can compute
 * ({@link Sealing#pseudonyms}).
 *
 * <p>While there are several keys, a user may be filed under several names. Then each is asked,
 * with one more wait for each, so that no session is missed while keys are exchanged, and members
 * under other names count against the user's limit. Sessions come to the present name when they are
 * used, and by {@code Reencryption}; they leave the others when they end.
 *
 * <p>A node that lacks a key with which others seal cannot tell under which name they file a user.
 * It refuses to answer, instead of leaving those sessions out: each node notes the key it writes
 * with, at most once in {@link #NOTED} for sessions of one time-out, and whoever asks for a user's
 * sessions, or logs in under a limit, gets these notes in the same wait. A node without any key
 * gets them too, and learns from them that others seal; where nobody does, they are empty and it
 * pays no wait.
 */
final class SealedUserIndex implements UserIndex {
  private static final Duration NOTED = Duration.ofMinutes(1);

  /**
   * How many notes are remembered. Beyond that all are forgotten, which costs making them again.
   */
  private static final int MAX_LIVES = 100;

  private final UserIndex index;
  private final Sealing sealing;

  /** When each key was noted for each time-out, as {@link System#nanoTime()} gives it. */
  private final Map<String, Long> notes = new ConcurrentHashMap<>();

  SealedUserIndex(UserIndex index, Sealing sealing) {
    this.index = index;
    this.sealing = sealing;
  }

  @Override
  public Members file(String user, String locator, int limit, List<Member> dead, Duration life) {
    note(life);
    List<String> names = sealing.pseudonyms(user);
    String place = names.get(0);
    if (names.size() == 1 || limit == 0) {
      return withAllKeys(index.file(place, locator, limit, dead, life));
    }
    Members here = withAllKeys(index.members(place, dead));
    Map<String, Member> elsewhere = elsewhere(names, dead);
    here.members().forEach(member -> elsewhere.remove(member.locator()));
    boolean isElsewhere = elsewhere.remove(locator) != null;
    int room = limit - elsewhere.size();
    if (room <= 0 && !isElsewhere) {
      return with(here, elsewhere.values());
    }
    Members filed = index.file(place, locator, Math.max(1, room), List.of(), life);
    return filed.filed() ? filed : with(filed, elsewhere.values());
  }

  @Override
  public Members members(String user, List<Member> dead) {
    List<String> names = sealing.pseudonyms(user);
    Members here = withAllKeys(index.members(names.get(0), dead));
    if (names.size() == 1) {
      return here;
    }
    Map<String, Member> elsewhere = elsewhere(names, dead);
    here.members().forEach(member -> elsewhere.remove(member.locator()));
    return with(here, elsewhere.values());
  }

  private void note(Duration life) {
    String key = sealing.writingKey();
    if (key == null) {
      return;
    }
    String entry = key + " " + life.toSeconds();
    long now = System.nanoTime();
    Long last = notes.get(entry);
    if (last == null || now - last >= NOTED.toNanos()) {
      index.keys().note(key, life);
      if (notes.size() >= MAX_LIVES) {
        notes.clear();
      }
      notes.put(entry, now);
    }
  }

  /** The answer, unless it leaves out sessions under a key that this node lacks. */
  private Members withAllKeys(Members members) {
    for (String key : members.keys()) {
      if (!sealing.hasKey(key)) {
        UnknownKeyException unknown =
            new UnknownKeyException(
                "other nodes seal with the key " + key + ", which this node does not have");
        throw new SessionStoreUnavailableException(
            "users: the sessions of a user cannot all be found: "
                + unknown.getMessage()
                + ". Give this node the key, after those it has; see encryption.keys.",
            unknown);
      }
    }
    return members;
  }

  private Map<String, Member> elsewhere(List<String> names, List<Member> dead) {
    Map<String, Member> members = new LinkedHashMap<>();
    for (String other : names.subList(1, names.size())) {
      index.members(other, dead).members().forEach(m -> members.putIfAbsent(m.locator(), m));
    }
    return members;
  }

  private static Members with(Members here, Collection<Member> elsewhere) {
    List<Member> all =
        Stream.concat(here.members().stream(), elsewhere.stream())
            .sorted(Comparator.comparing(Member::since))
            .toList();
    return new Members(false, all.size(), all, here.now(), here.keys());
  }

  @Override
  public KeyRegister keys() {
    return index.keys();
  }

  @Override
  public void refile(String user, String locator, Duration life) {
    note(life);
    index.refile(sealing.pseudonyms(user).get(0), locator, life);
  }

  @Override
  public void forget(String user, String locator, Instant ended) {
    sealing.pseudonyms(user).forEach(name -> index.forget(name, locator, ended));
  }
}
