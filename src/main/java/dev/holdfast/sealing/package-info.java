/**
 * Encryption at rest: a store and an index of users that seal what they pass on, and open what
 * comes back. Where this node seals nothing and nothing sealed comes back, records are passed on as
 * they are: that costs a glance at the first byte of each value.
 *
 * <p>Encryption keys ({@link dev.holdfast.sealing.KeyRing}) have names that are derived from them,
 * not chosen by anybody, and are read again while the application runs. They encrypt nothing
 * themselves; each session has a key derived from them ({@link dev.holdfast.sealing.Sealing}).
 */
@NullMarked
package dev.holdfast.sealing;

import org.jspecify.annotations.NullMarked;
