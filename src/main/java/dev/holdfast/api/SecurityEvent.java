package dev.holdfast.api;

import java.lang.System.Logger.Level;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A security event of the kind that operators look for in logs (ASVS 16.3.3).
 *
 * @param kind of event
 * @param session the session it is about, as {@code SecurityEvents.shortHash} of its locator: the
 *     same for all events of one session, and useless otherwise; null when there is none
 * @param detail one line of printable text, without secrets, whatever a client sent
 * @param time of this node
 */
public record SecurityEvent(Kind kind, @Nullable String session, String detail, Instant time) {

  /** What happened. */
  public enum Kind {
    /** A well-formed id that leads to no session: expired, ended, or made up. */
    UNKNOWN_ID(Level.INFO, true),
    /** The id of a live session with another secret: an old cookie, or a guess. */
    WRONG_SECRET(Level.WARNING, true),
    /** An id that a login replaced a moment ago: a request that was on its way, or a thief. */
    REPLACED_ID(Level.INFO, true),
    /**
     * Ids of several live sessions in one request: one may be planted. The request counts as
     * anonymous.
     */
    DUPLICATE_IDS(Level.WARNING, true),
    /** Several cookies of our name, one of which leads to a live session; that one is used. */
    SPARE_IDS(Level.WARNING, true),
    /** A session in Redis whose time to live this library did not set. It counts as expired. */
    FOREIGN_TTL(Level.WARNING, true),
    /** A session in Redis that this library did not write. It counts as absent. */
    FOREIGN_SESSION(Level.WARNING, true),
    /**
     * A stored value that names a class which is not on the allow-list: planted, or of another
     * version of the application. The class was not touched; the value reads as absent and its
     * bytes stay.
     */
    REFUSED_CLASS(Level.WARNING, true),
    /**
     * A stored value that is larger or deeper than any node would write, or declares that it is. It
     * reads as absent; its bytes stay.
     */
    OVERSIZED_VALUE(Level.WARNING, true),
    /** This node creates more sessions than it may; a request that wanted one was refused. */
    CREATION_REFUSED(Level.WARNING, true),
    /** A reply of Redis that belongs to another command. Its connection was dropped. */
    MIXED_UP_REPLY(Level.WARNING, true),
    /**
     * A session in Redis whose bytes no holder of an encryption key wrote: changed, cut off, or
     * copied from elsewhere. It counts as absent.
     */
    BROKEN_SEAL(Level.WARNING, true),
    /** A session in Redis that is encrypted with a key this node does not have. Answered 503. */
    UNKNOWN_KEY(Level.WARNING, true),
    /** A login was refused: its user has as many sessions as they may have. */
    LOGIN_REFUSED(Level.INFO, false),
    /**
     * Somebody wanted to use the admin view and was not let in, or a request of another site wanted
     * to act there.
     */
    ADMIN_REFUSED(Level.WARNING, true),
    /**
     * Somebody has ended sessions, in the admin view or on the command line, or has seen a value.
     */
    ADMIN_ACTED(Level.INFO, false),
    /** A session was ended by somebody other than its client. */
    SESSION_ENDED(Level.INFO, false),
    /** Somebody logged in when no new id could be sent any more; the session has been ended. */
    LATE_LOGIN(Level.WARNING, false),
    /**
     * A session has a new id, because its user or roles changed or the application asked for it.
     */
    ID_ROTATED(Level.INFO, false),
    /** A session of the container or of Spring Session goes on as one of Holdfast. */
    TAKEN_OVER(Level.INFO, false),
    /** A session of Holdfast goes on as one of the container. */
    HANDED_BACK(Level.INFO, false),
    /** A request that entered before a login elsewhere wanted to write and was refused. */
    WRITE_FENCED(Level.INFO, true);

    private final Level level;
    private final boolean limited;

    Kind(Level level, boolean limited) {
      this.level = level;
      this.limited = limited;
    }

    /** How it is logged. */
    public Level level() {
      return level;
    }

    /**
     * Whether anybody can cause it as often as they like. If so, listeners too are told of the
     * first few only.
     */
    public boolean limited() {
      return limited;
    }
  }
}
