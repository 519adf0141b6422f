package dev.holdfast.servlet;

import dev.holdfast.session.SpringSessions;
import dev.holdfast.store.TakeoverClaims;
import org.jspecify.annotations.Nullable;

/**
 * From where sessions are taken over.
 *
 * @param claims where nodes agree on which of them takes a session over
 * @param container whether from the container
 * @param spring the sessions of Spring Session; null when they stay there
 * @param springCookie name of its cookie
 */
public record OldStores(
    TakeoverClaims claims,
    boolean container,
    @Nullable SpringSessions spring,
    String springCookie) {}
