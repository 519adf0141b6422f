package dev.holdfast.session;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a session of another store leaves to the one that goes on in its place.
 *
 * @param creationTime of the old session
 * @param lastAccessedTime of the old session, before the request that takes it over
 * @param maxInactiveInterval whole seconds; zero or negative: never expires
 * @param attributes values by name
 * @param login who is logged in to it at the container, or null
 */
public record Inheritance(
    Instant creationTime,
    Instant lastAccessedTime,
    Duration maxInactiveInterval,
    Map<String, Object> attributes,
    @Nullable Login login) {}
