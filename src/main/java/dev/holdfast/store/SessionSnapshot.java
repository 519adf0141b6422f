package dev.holdfast.store;

import java.time.Instant;

/**
 * A whole stored session in a form that only its store can read, to be put back as it was.
 *
 * @param locator 22 characters of base64url
 * @param epoch goes up with every login; an older one never replaces a newer one
 * @param taken when it was read, in microseconds of the store's clock. Of two snapshots of one
 *     epoch the later is the newer. The counter of the stamp does not say that: a save based on an
 *     old stamp, which is not refused, sets it back
 * @param stamp names the content
 * @param deadline when the store forgets the session, by the store's clock
 * @param accessed start of the last request that was recorded
 * @param fields everything that the store keeps of the session
 */
public record SessionSnapshot(
    String locator,
    long epoch,
    long taken,
    Stamp stamp,
    Instant deadline,
    Instant accessed,
    byte[] fields) {}
