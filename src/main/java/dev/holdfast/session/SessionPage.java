package dev.holdfast.session;

import dev.holdfast.api.SessionInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some of all sessions.
 *
 * @param sessions those that live; their order says nothing
 * @param unreadable how many more there are that this node cannot read, because they are damaged or
 *     sealed with a key that it lacks
 * @param next where the next page begins; null when this was the last
 */
public record SessionPage(List<SessionInfo> sessions, int unreadable, @Nullable String next) {}
