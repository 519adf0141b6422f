package dev.holdfast.session;

import dev.holdfast.codec.Sealing;
import dev.holdfast.store.UserIndex;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * An index in which another one keeps users under names that only who has the key can tell ({@link
 * Sealing#pseudonyms}).
 *
 * <p>While there are several keys a user may stand in several places. Then each is asked, with a
 * wait more for each, so that nobody is missed while keys are exchanged, and members elsewhere take
 * up the user's room. Sessions come to the present place when they are used, and by {@link
 * Reencryption}; they leave the others when they end.
 */
final class SealedUserIndex implements UserIndex {
  private final UserIndex index;
  private final Sealing sealing;

  SealedUserIndex(UserIndex index, Sealing sealing) {
    this.index = index;
    this.sealing = sealing;
  }

  @Override
  public Members file(String user, String locator, int limit, List<Member> dead, Duration keep) {
    List<String> names = sealing.pseudonyms(user);
    String place = names.get(0);
    if (names.size() == 1 || limit == 0) {
      return index.file(place, locator, limit, dead, keep);
    }
    Members here = index.members(place, dead);
    Map<String, Member> elsewhere = elsewhere(names, dead);
    here.members().forEach(member -> elsewhere.remove(member.locator()));
    boolean isElsewhere = elsewhere.remove(locator) != null;
    int room = limit - elsewhere.size();
    if (room <= 0 && !isElsewhere) {
      return with(here, elsewhere.values());
    }
    Members filed = index.file(place, locator, Math.max(1, room), List.of(), keep);
    return filed.filed() ? filed : with(filed, elsewhere.values());
  }

  @Override
  public Members members(String user, List<Member> dead) {
    List<String> names = sealing.pseudonyms(user);
    Members here = index.members(names.get(0), dead);
    if (names.size() == 1) {
      return here;
    }
    Map<String, Member> elsewhere = elsewhere(names, dead);
    here.members().forEach(member -> elsewhere.remove(member.locator()));
    return with(here, elsewhere.values());
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
    return new Members(false, all.size(), all, here.now());
  }

  @Override
  public void renew(String user, String locator, Duration keep) {
    index.renew(sealing.pseudonyms(user).get(0), locator, keep);
  }

  @Override
  public void forget(String user, String locator, Instant ended) {
    sealing.pseudonyms(user).forEach(name -> index.forget(name, locator, ended));
  }
}
