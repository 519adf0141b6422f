package dev.holdfast.backup;

/** Hears how far the sessions of a backup are put back, on the thread that does it. */
@FunctionalInterface
public interface RestoreProgress {
  /**
   * Called after each page of the backup.
   *
   * @param seen how many sessions were looked at
   * @param total how many there were at the start
   * @param back how many were put back; the others were there, or have ended
   */
  void at(long seen, long total, long back);
}
