package dev.holdfast.config;

import java.time.Duration;

/**
 * What sessions may take up.
 *
 * @param attributeBytes {@code attribute.max-size}: bytes of one encoded value, at least 1
 * @param sessionBytes {@code session.max-size}: bytes of all names and encoded values of a session,
 *     at least 1
 * @param attributes {@code session.max-attributes}: attributes of a session, at least 1
 * @param createRate {@code sessions.create-rate}: sessions that one node creates in a second, on
 *     average; 0 for any number
 * @param firstLife {@code sessions.first-life}: how long a new session of nobody lives until its
 *     second request, whole seconds; zero: as long as any other
 */
public record LimitSettings(
    long attributeBytes, long sessionBytes, int attributes, int createRate, Duration firstLife) {}
