/**
 * Encryption at rest: a store and an index of users that seal what they pass on, and open what
 * comes back. Without a key neither is there, so it costs nothing.
 *
 * <p>Encryption keys ({@link dev.holdfast.sealing.KeyRing}) have names that are derived from them,
 * not chosen by anybody, and are read again while the application runs. They encrypt nothing
 * themselves; each session has a key derived from them ({@link dev.holdfast.sealing.Sealing}).
 */
@NullMarked
package dev.holdfast.sealing;

import org.jspecify.annotations.NullMarked;
