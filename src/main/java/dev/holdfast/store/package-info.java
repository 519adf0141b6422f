/**
 * The port between the rules of a session and the stores that keep it: bytes only.
 *
 * <p>A store never sees a value and never loads a class of the web application. Time is the store's
 * own: every reply brings its clock, and the clock of a JVM decides nothing. A lost race is an
 * {@link dev.holdfast.store.SaveOutcome}, never an exception; an exception means that the store did
 * not answer, and then a write may or may not have happened.
 */
@NullMarked
package dev.holdfast.store;

import org.jspecify.annotations.NullMarked;
