package dev.holdfast.session;

import dev.holdfast.config.Settings;
import dev.holdfast.metrics.Metrics;
import dev.holdfast.security.SecurityEvents;
import dev.holdfast.store.SessionStore;

/**
 * What the parts of a {@link SessionManager} share.
 *
 * @param store where all nodes keep their sessions
 * @param rules of attribute values
 * @param events is told what happens to sessions
 * @param settings of the application
 * @param metrics counts what happens
 * @param security is told what an attacker may have done
 * @param residents the session objects of this node
 * @param touches when this node may record the next access
 * @param held keeps alive what requests hold
 * @param users which sessions a user has
 */
record Node(
    SessionStore store,
    ValueRules rules,
    SessionEvents events,
    Settings settings,
    Metrics metrics,
    SecurityEvents security,
    ResidentSessions residents,
    TouchSchedule touches,
    HeldSessions held,
    UserSessions users) {}
