package dev.holdfast.session;

import dev.holdfast.store.SessionStore;
import dev.holdfast.store.SessionStore.Unreadable;
import dev.holdfast.store.StoredSession;
import dev.holdfast.store.UserIndex.Member;
import dev.holdfast.store.UserIndex.Members;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A member that the index has for a user, and whether its session confirms that.
 *
 * <p>A session that cannot be read confirms nothing. It may be good on another node, or become so
 * again, so it stays in the index and ends when all sessions of its user are ended; but it keeps
 * nobody from logging in.
 *
 * @param session what is stored; null when there is nothing, or it cannot be read at all
 */
record IndexedSession(Member member, @Nullable StoredSession session, Standing standing) {

  /** How long a login may take from its place in the index to its session in the store. */
  static final Duration UNDER_WAY = Duration.ofSeconds(60);

  /** How many sessions are asked for in one packet, of two commands each. */
  static final int AT_ONCE = 64;

  /** What a session is to the user under whom it is filed. */
  enum Standing {
    /** Theirs. */
    THEIRS,
    /** There, but this node cannot tell whose it is. */
    UNREADABLE,
    /** Not theirs, but filed so recently that it may become theirs. */
    UNDER_WAY,
    /** Not theirs, not there, or over. */
    DEAD
  }

  /**
   * All members, in their order. One wait for every {@value #AT_ONCE} of them, two when some are
   * gone: requests use the same connection, which takes a limited number of commands.
   */
  static List<IndexedSession> of(SessionStore store, String user, Members members) {
    Set<String> unreadable = new HashSet<>();
    Map<String, StoredSession> sessions =
        describe(
            store,
            members.members().stream().map(Member::locator).toList(),
            (locator, mayBeGood) -> unreadable.add(locator));
    return members.members().stream()
        .map(
            member -> {
              StoredSession session = sessions.get(member.locator());
              boolean isUnreadable = unreadable.contains(member.locator());
              return new IndexedSession(
                  member,
                  session,
                  isUnreadable
                      ? Standing.UNREADABLE
                      : standing(user, member, session, members.now()));
            })
        .toList();
  }

  /** As {@link SessionStore#describe}, for any number of sessions. */
  static Map<String, StoredSession> describe(
      SessionStore store, List<String> locators, Unreadable unreadable) {
    Map<String, StoredSession> sessions = new LinkedHashMap<>();
    for (int from = 0; from < locators.size(); from += AT_ONCE) {
      List<String> some = locators.subList(from, Math.min(from + AT_ONCE, locators.size()));
      sessions.putAll(store.describe(some, unreadable));
    }
    return sessions;
  }

  private static Standing standing(
      String user, Member member, @Nullable StoredSession session, Instant now) {
    if (session != null) {
      if (session.state().expired()) {
        return Standing.DEAD;
      }
      if (!Login.isReadable(session.principal())) {
        return Standing.UNREADABLE;
      }
      if (user.equals(userOf(session))) {
        return Standing.THEIRS;
      }
    }
    boolean isRecent = Duration.between(member.since(), now).compareTo(UNDER_WAY) < 0;
    return isRecent ? Standing.UNDER_WAY : Standing.DEAD;
  }

  boolean is(Standing other) {
    return standing == other;
  }

  String locator() {
    return member.locator();
  }

  /** Who is logged in to a stored session, or null. */
  static @Nullable String userOf(StoredSession session) {
    try {
      Login login = Login.fromBytes(session.principal());
      return login == null ? null : login.name();
    } catch (UncheckedIOException e) {
      return null;
    }
  }
}
