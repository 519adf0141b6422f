package dev.holdfast.store;

import dev.holdfast.store.SessionState.PreviousSecret;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A session after a save, apart from its attributes. A store that authenticates its sessions
 * computes their seal over this. It leaves out stamp, last access, idle deadline and a replaced
 * secret that no longer opens the session, because scripts change these.
 *
 * @param absoluteDeadline or null for none
 * @param principal the encoded login, or null
 * @param secretHash SHA-256 of the secret that opens the session
 * @param secretTime when it got that secret
 * @param grace the replaced secret that still opens it too, or null
 * @param seal the principal's field in the store as the writer last saw it; if the store has
 *     another, it refuses a save that writes the field. Empty for none
 */
public record Metadata(
    Instant creationTime,
    @Nullable Instant absoluteDeadline,
    Duration maxInactiveInterval,
    byte @Nullable [] principal,
    byte[] secretHash,
    Instant secretTime,
    @Nullable PreviousSecret grace,
    long epoch,
    byte[] seal) {}
