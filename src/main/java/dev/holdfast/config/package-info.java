/**
 * What an administrator can decide, as immutable records.
 *
 * <p>Every setting is declared once, in the record that holds its value, with its name, type,
 * range, default and one line of documentation. Reading the sources, the start-up report and the
 * table of the documentation are all made from that declaration, so they cannot disagree.
 *
 * <p>JDK only: where init-params and context-params come from is the business of whoever starts the
 * library; here they are one more {@link dev.holdfast.config.Source}.
 */
@NullMarked
package dev.holdfast.config;

import org.jspecify.annotations.NullMarked;
