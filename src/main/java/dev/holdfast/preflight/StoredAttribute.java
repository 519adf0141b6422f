package dev.holdfast.preflight;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A place in the code that sets an attribute of a session.
 *
 * @param name of the attribute; null when it is made at run time
 * @param kinds what the value may be; empty when nothing is known
 * @param where class and method, for the report
 * @param setter the class whose code sets it
 */
record StoredAttribute(
    @Nullable String name, Set<FlowValue.Kind> kinds, String where, WarClass setter) {}
