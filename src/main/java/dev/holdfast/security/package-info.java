/**
 * Who may open a session, and what tells of those who tried: the session token and the security
 * events.
 *
 * <p>The token in the cookie is a locator (128 bit, public, names the Redis key) and a secret (256
 * bit, known to the client alone). The store keeps SHA-256 of the secret only, so whoever reads
 * Redis, a dump or a log cannot log in. {@code HttpSession.getId()} is derived from the locator and
 * that hash: every node can compute it, a rotation changes it, and it opens nothing.
 *
 * <p>Incidents are reported as {@link dev.holdfast.api.SecurityEvent}, to the logger {@code
 * dev.holdfast.security} and to the listeners of the setting {@code security.listeners}. Log lines
 * are rationed per kind, since an unknown id costs its sender nothing; a session appears as a short
 * hash of its locator, because log files travel further than Redis does, and the locator is half of
 * a cookie.
 */
@NullMarked
package dev.holdfast.security;

import org.jspecify.annotations.NullMarked;
