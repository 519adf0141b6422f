package dev.holdfast.api;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What can be known of a session without being its client.
 *
 * @param id as {@code HttpSession.getId()} gives it; logs nobody in
 * @param user who is logged in, or null
 * @param loginTime when they were; null when nobody is, or when it is not known any more
 * @param creationTime by Redis's clock
 * @param lastAccessedTime by Redis's clock; late by up to {@code touch.interval} for a session that
 *     is only read
 * @param maxInactiveInterval how long it may stay unused; zero or negative: for ever
 */
public record SessionInfo(
    String id,
    @Nullable String user,
    @Nullable Instant loginTime,
    Instant creationTime,
    Instant lastAccessedTime,
    Duration maxInactiveInterval) {}
