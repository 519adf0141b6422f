package dev.holdfast.session;

import dev.holdfast.store.UserIndex.Member;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a login can find room when all places of its user are taken.
 *
 * @param dead members that may be removed
 * @param victim the session to be ended if one has to be; null when all are logins under way of
 *     which nothing is stored
 * @param unreadable how many members this node cannot read, so that it cannot tell whether they
 *     take up room
 */
record Room(List<Member> dead, @Nullable Member victim, int unreadable) {
  static Room of(List<IndexedSession> members) {
    List<Member> dead = new ArrayList<>();
    Member oldest = null;
    Member oldestUnderWay = null;
    int unreadable = 0;
    for (IndexedSession indexed : members) {
      Member member = indexed.member();
      switch (indexed.standing()) {
        case THEIRS -> oldest = oldest == null ? member : oldest;
        case UNREADABLE -> {
          oldest = oldest == null ? member : oldest;
          unreadable++;
        }
        case UNDER_WAY -> {
          if (oldestUnderWay == null && indexed.session() != null) {
            oldestUnderWay = member;
          }
        }
        case DEAD -> dead.add(member);
      }
    }
    return new Room(dead, oldest != null ? oldest : oldestUnderWay, unreadable);
  }
}
