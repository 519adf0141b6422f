package dev.holdfast.admin;

import dev.holdfast.config.Settings;
import dev.holdfast.config.WrittenSetting;
import dev.holdfast.metrics.Measurements;
import dev.holdfast.security.SecurityEvents;
import dev.holdfast.session.SessionDirectory;
import dev.holdfast.session.UserSessions;
import dev.holdfast.store.ServerHealth;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/**
 * The application that an admin view is about.
 *
 * @param version of the library
 * @param encryption in words
 * @param written the settings that are not left to their default
 * @param ping asks the store whether it is there; throws {@code SessionStoreUnavailableException}
 *     when it is not
 * @param servers asks the servers of the store how they are
 * @param now the store's clock
 */
public record Administered(
    String version,
    String encryption,
    Settings settings,
    List<WrittenSetting> written,
    SessionDirectory directory,
    UserSessions users,
    Measurements measured,
    SecurityEvents security,
    Runnable ping,
    Supplier<List<ServerHealth>> servers,
    Supplier<Instant> now) {}
