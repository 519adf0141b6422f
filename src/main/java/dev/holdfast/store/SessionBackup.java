package dev.holdfast.store;

import dev.holdfast.api.BackupUnavailableException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps copies of sessions where they outlive the store. Bytes only; times are the store's. Safe
 * for use by many threads. Its methods block for as long as the database does; callers limit that.
 * Every method throws {@link BackupUnavailableException} when the database does not do what it is
 * asked.
 */
public interface SessionBackup extends AutoCloseable {

  /** Creates what is missing in the database. May be called again. */
  void prepare();

  /** The copy of a session; null when there is none or the session has ended. */
  @Nullable SessionSnapshot find(String locator);

  /**
   * Keeps copies, each unless the session has ended or a newer copy is kept already: of a later
   * epoch, or taken later in the same.
   */
  void keep(Collection<SessionSnapshot> snapshots);

  /**
   * Moves the deadlines and the last access of copies forward.
   *
   * @return the locators whose copy does not have the content of the mark, or which have no copy
   */
  List<String> prolong(Collection<SessionMark> marks);

  /**
   * Records that a session has ended: nothing kept later brings it back. A second call moves the
   * time forward.
   *
   * @param until when that may be forgotten at the earliest
   */
  void end(String locator, Instant until);

  /**
   * Copies of sessions that have not ended, in the order of their locators.
   *
   * @param after the last locator of the page before; empty for the first page
   * @param alive copies whose deadline is not after this are left out
   */
  List<SessionSnapshot> page(String after, int limit, Instant alive);

  /** How many sessions all pages have together; see {@link #page}. */
  long count(Instant alive);

  /**
   * Forgets up to {@code limit} sessions and recorded ends whose time was over before {@code
   * before}.
   */
  int purge(Instant before, int limit);

  @Override
  void close();
}
