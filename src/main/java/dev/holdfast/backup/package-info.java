/**
 * When sessions are backed up, and when they come back. {@link dev.holdfast.backup.BackedUpStore}
 * stands before the store; where copies are kept is the affair of a {@link
 * dev.holdfast.store.SessionBackup}.
 *
 * <h2>What is written when</h2>
 *
 * <ul>
 *   <li>In rounds, one every {@code backup.interval} on every node: the sessions this node changed,
 *       and for those it only read, their new deadline. A copy that does not have the content of
 *       the store is written anew, so what a node that died had not written yet is written by the
 *       next that reads the session. A last round at the end.
 *   <li>Before the response: what a restore must never undo. The end of a session, before it ends
 *       in the store; a new secret, a login, a logout that keeps the session, and a new
 *       maxInactiveInterval, after they are in the store.
 * </ul>
 *
 * <p>The end goes first because anybody who does not find a session in the store may put it back:
 * in the other order a request that comes between the two would. One that has read the copy before
 * it was ended may still put it back after; so destroying a session leaves a mark in the store for
 * a minute, longer than a lookup lives, and while the mark is there the session is not put back. If
 * the database is down, the mark stays as long as the session could have lived, and the end is
 * recorded once the database is back: only if Redis loses its data before that, the session comes
 * back. That is the declared window, and the log says when it opens.
 *
 * <p>An expired session needs no such care. Its deadline in the database is never later than the
 * one in the store, and putting back compares it with the store's clock.
 *
 * <h2>What comes back when</h2>
 *
 * <ul>
 *   <li>On demand: a session that the store does not know is looked up before its request counts as
 *       anonymous, and before a save counts as made to a session that has ended. Its secret is
 *       checked afterwards, as always.
 *   <li>All at once, by one node, when a key of ours is missing from the store, which says that it
 *       has lost everything. Every node asks for it once a second.
 * </ul>
 *
 * <p>Anybody can send ids that nobody knows. Lookups are rationed, what was not found is remembered
 * for a while, and few are under way at once. A lookup that is refused, or fails, means
 * "anonymous", as it would without a backup; but when there are signs that the store has lost
 * sessions (one came back within the last minute, or the key is missing), it means 503: an
 * anonymous answer would cost the user the session that is still in the database.
 *
 * <h2>Copies in order</h2>
 *
 * <p>A copy replaces another when its epoch is newer, or the same and it was taken later by the
 * store's clock, in microseconds. Not by the counter of the stamp: a save based on an old stamp is
 * not refused and sets the counter back. The end of a session is never replaced.
 */
@NullMarked
package dev.holdfast.backup;

import org.jspecify.annotations.NullMarked;
