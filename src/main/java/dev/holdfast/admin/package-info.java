/**
 * The admin view: which sessions there are, what is in one, how this node is, and the acts of
 * somebody who may end sessions.
 *
 * <p>{@link dev.holdfast.admin.AdminView} takes each request: who is it, may it act, what does it
 * ask for. {@link dev.holdfast.admin.AdminPages} finds that, and a {@link dev.holdfast.admin.Page}
 * shows it as HTML or as JSON.
 *
 * <p>What was decided:
 *
 * <ul>
 *   <li>No JavaScript and nothing loaded from elsewhere, so the policy of the pages can forbid
 *       both, and a name that a visitor chose stays text whatever is in it.
 *   <li>No session of its own. A token comes with each request; a login of the application is asked
 *       for only if {@code admin.role} is set.
 *   <li>Addresses name sessions and users in enciphered form ({@link
 *       dev.holdfast.admin.PageLinks}), because addresses get into logs.
 *   <li>{@code Referrer-Policy} is {@code same-origin} and not {@code no-referrer}: with that, a
 *       browser says {@code Origin: null} for a form of the page itself (Fetch, 3.2), and on plain
 *       HTTP, where it sends no Fetch Metadata, that header is all there is to tell a form of
 *       another site by.
 *   <li>The right token is let in however many wrong ones were tried: 32 characters cannot be
 *       guessed, and an admin who is locked out while somebody tries could not end a session.
 *   <li>Values are read and not cached, one at a time, by a POST that the security log names.
 * </ul>
 */
@NullMarked
package dev.holdfast.admin;

import org.jspecify.annotations.NullMarked;
