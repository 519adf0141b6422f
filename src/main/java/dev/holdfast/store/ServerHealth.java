package dev.holdfast.store;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a server of the store is, as seen from this node.
 *
 * @param address host and port
 * @param state in words; no secret
 * @param answered how long it took to answer just now; null when it was not asked or did not answer
 */
public record ServerHealth(String address, String state, @Nullable Duration answered) {}
