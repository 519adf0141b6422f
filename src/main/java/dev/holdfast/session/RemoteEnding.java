package dev.holdfast.session;

import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.config.Settings;
import dev.holdfast.store.SessionStore;

/**
 * Ends sessions from a process that has neither the application's classes nor its listeners.
 *
 * <p>Where sessions are filed, their time is ended and they are left to the nodes: requests find
 * them expired at once, and the sweep of a node takes them out, tells the listeners with all that
 * was stored, and has the other nodes drop their objects. Where they are not, nobody would find
 * them, so they are deleted here, and no listener hears of it.
 */
public final class RemoteEnding {
  private final SessionStore store;
  private final boolean filed;

  public RemoteEnding(SessionStore store, Settings settings) {
    this.store = store;
    this.filed = settings.expiry().isOn();
  }

  /**
   * Ends a session at once, for every node. Two waits; with a backup, one more, and one for the
   * database.
   *
   * @return whether there was one whose time was not over
   * @throws SessionStoreUnavailableException when the store does not answer, or a backup, which
   *     would bring the session back
   */
  public boolean end(String locator) {
    return filed ? store.lapse(locator) : store.destroy(locator) != null;
  }
}
