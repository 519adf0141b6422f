/**
 * When sessions are backed up, and when they come back. {@link dev.holdfast.backup.BackedUpStore}
 * stands before the store; a {@link dev.holdfast.store.SessionBackup} decides where copies are
 * kept.
 *
 * <h2>What is written when</h2>
 *
 * <ul>
 *   <li>In rounds, one every {@code backup.interval} on every node: the sessions that this node
 *       changed, and the new deadlines of those that it only read. A copy that does not match the
 *       content of the store is written anew; so what a node had not written when it died is
 *       written by the next node that reads the session. A node that stops runs a last round.
 *   <li>Before the response: what a restore must never undo. The end of a session, before it ends
 *       in the store; a new secret, a login, a logout that keeps the session, and a new
 *       maxInactiveInterval, after they are in the store.
 * </ul>
 *
 * <p>The end is recorded in the database first, because any request that does not find a session in
 * the store may put it back: in the other order, a request between the two steps would. A lookup
 * that read the copy before the end was recorded might still put it back afterwards. So destroying
 * a session leaves a mark in the store for a minute, longer than any lookup takes, and while the
 * mark is there the session is not put back. If the database is down, the mark stays for as long as
 * the session could have lived, and the end is recorded once the database is back. Only if Redis
 * loses its data before then does the session come back. That is the declared window, and the log
 * says when it opens.
 *
 * <p>An expired session needs no such care. Its deadline in the database is never later than the
 * one in the store, and the store compares that with its own clock before it takes a session back.
 *
 * <h2>What comes back when</h2>
 *
 * <ul>
 *   <li>On demand: a session that the store does not know is looked up before its request counts as
 *       anonymous, and before a save counts as made to a session that has ended. Its secret is
 *       checked afterwards, as always.
 *   <li>All at once, by one node, when a key of ours is missing from the store, which means that
 *       the store has lost everything. Every node looks for that key once a second.
 * </ul>
 *
 * <p>Anybody can send unknown ids. So lookups are rationed, few run at once, and what was not found
 * is remembered for a while. A lookup that is refused, or fails, means "anonymous", as it would
 * without a backup; but when there are signs that the store has lost sessions (one came back within
 * the last minute, or the key is missing), it means 503: an anonymous answer would cost the user
 * the session that is still in the database.
 *
 * <h2>Copies in order</h2>
 *
 * <p>A copy replaces another when its epoch is newer, or when the epoch is the same and the copy
 * was taken later by the store's clock, in microseconds. The counter of the stamp does not decide:
 * a save based on an old stamp is not refused and sets the counter back. Nothing replaces the end
 * of a session.
 */
@NullMarked
package dev.holdfast.backup;

import org.jspecify.annotations.NullMarked;
