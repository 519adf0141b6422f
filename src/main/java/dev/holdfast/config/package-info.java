/**
 * What an administrator can decide, as immutable records.
 *
 * <p>Every setting is declared once, in the record that holds its value, with its name, type,
 * range, default and one line of documentation. That declaration drives the reading of the sources,
 * the start-up report and the table in the documentation, so they cannot disagree.
 *
 * <p>Uses the JDK only. Whoever starts the library collects init-params and context-params; here
 * they are one more {@link dev.holdfast.config.Source}.
 */
@NullMarked
package dev.holdfast.config;

import org.jspecify.annotations.NullMarked;
