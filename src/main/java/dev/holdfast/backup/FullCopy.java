package dev.holdfast.backup;

import dev.holdfast.api.BackupUnavailableException;
import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.store.ExpiryIndex;
import dev.holdfast.store.RestorableStore;
import dev.holdfast.store.SessionBackup;
import dev.holdfast.store.SessionSnapshot;
import java.util.ArrayList;
import java.util.List;

/**
 * Copies every session that is filed into the backup now, whatever the nodes have copied: after a
 * backup was set up, before Redis is stopped. The nodes may go on meanwhile; a copy that is newer
 * than this one stays, and what has ended stays so. Each batch is one transaction, so a run that is
 * broken off leaves what it has done.
 */
public final class FullCopy {
  private final RestorableStore store;
  private final SessionBackup backup;
  private final ExpiryIndex index;
  private final int batch;

  /** Hears how far a copy is, on its thread. */
  @FunctionalInterface
  public interface Progress {
    /**
     * Called after each batch.
     *
     * @param seen how many sessions were looked at
     * @param kept how many of these were alive and are in the backup
     */
    void at(long seen, long kept);
  }

  /**
   * @param index names the sessions
   * @param batch how many are written at once, {@code backup.batch}
   */
  public FullCopy(RestorableStore store, SessionBackup backup, ExpiryIndex index, int batch) {
    this.store = store;
    this.backup = backup;
    this.index = index;
    this.batch = batch;
  }

  /**
   * Copies them, on the caller's thread. Makes the table if there is none.
   *
   * @return how many are in the backup
   * @throws IllegalStateException when no sessions are filed: {@code expiry.events} is off
   * @throws SessionStoreUnavailableException when the store does not answer; what was done stays
   * @throws BackupUnavailableException when the database does not; what was done stays
   */
  public long run(Progress progress) {
    if (!index.isOn()) {
      throw new IllegalStateException(
          "Sessions cannot be copied: expiry.events is off, so it is not written down which there"
              + " are; turn it on, on all nodes");
    }
    backup.prepare();
    long seen = 0;
    long kept = 0;
    for (int part = 0; part < index.parts(); part++) {
      List<String> locators = new ArrayList<>(index.filed(part));
      for (int from = 0; from < locators.size(); from += batch) {
        List<String> some = locators.subList(from, Math.min(from + batch, locators.size()));
        List<SessionSnapshot> copies = store.snapshots(some);
        if (!copies.isEmpty()) {
          backup.keep(copies);
        }
        seen += some.size();
        kept += copies.size();
        progress.at(seen, kept);
      }
    }
    return kept;
  }
}
