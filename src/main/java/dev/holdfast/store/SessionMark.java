package dev.holdfast.store;

import java.time.Instant;

/**
 * What changes in a stored session when it is merely read, and the stamp of its content.
 *
 * @param locator names the session
 * @param stamp names the content
 * @param deadline when the store forgets the session, by the store's clock
 * @param accessed start of the last request that was recorded
 */
public record SessionMark(String locator, Stamp stamp, Instant deadline, Instant accessed) {}
