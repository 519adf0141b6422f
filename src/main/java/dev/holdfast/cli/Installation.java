package dev.holdfast.cli;

import static java.util.Objects.requireNonNull;

import dev.holdfast.api.BackupUnavailableException;
import dev.holdfast.api.SecurityEvent;
import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.backup.BackedUpStore;
import dev.holdfast.backup.FullCopy;
import dev.holdfast.backup.jdbc.JdbcBackup;
import dev.holdfast.codec.AttributeCodec;
import dev.holdfast.codec.ClassAllowList;
import dev.holdfast.config.Settings;
import dev.holdfast.metrics.Measurements;
import dev.holdfast.redis.RedisSessionStore;
import dev.holdfast.sealing.SealedSessionStore;
import dev.holdfast.sealing.Sealing;
import dev.holdfast.security.SecurityEvents;
import dev.holdfast.session.Login;
import dev.holdfast.session.Reencryption;
import dev.holdfast.session.RemoteEnding;
import dev.holdfast.session.SessionDirectory;
import dev.holdfast.session.UserSessions;
import dev.holdfast.store.ExpiryIndex;
import dev.holdfast.store.SessionStore;
import dev.holdfast.text.Printable;
import org.jspecify.annotations.Nullable;

/**
 * What of an application's sessions can be reached without the application: the stores of a node,
 * and no sessions of its own.
 */
final class Installation implements AutoCloseable {
  final Settings settings;
  final Sealing sealing;
  final RemoteEnding ending;
  private final SecurityEvents security;
  final UserSessions users;
  final SessionDirectory directory;
  final ExpiryIndex index;
  final Reencryption reencryption;
  private final RedisSessionStore redis;
  private final @Nullable JdbcBackup backup;
  private final @Nullable BackedUpStore backedUp;
  private final SealedSessionStore store;

  /**
   * Connects to nothing yet.
   *
   * @param loader finds the classes that settings name
   * @param withBackup whether to take the backup into account, if there is one
   * @throws IllegalArgumentException when keys, a class or a driver that a setting names is not
   *     there
   */
  Installation(Settings settings, ClassLoader loader, boolean withBackup) {
    this.settings = settings;
    this.sealing = Sealing.of(settings, loader);
    String database = withBackup ? settings.backup().database() : null;
    this.backup = database == null ? null : backup(settings, database, loader);
    Measurements metrics = new Measurements();
    this.security = SecurityEvents.logging();
    this.redis = new RedisSessionStore(settings, security, loader, metrics);
    this.backedUp =
        backup == null ? null : new BackedUpStore(redis, backup, settings, metrics, loader);
    SessionStore beneath = this.backedUp == null ? redis : this.backedUp;
    this.store = new SealedSessionStore(beneath, sealing, security, Login::isReadable);
    this.ending = new RemoteEnding(store, settings);
    this.users = new UserSessions(store, settings, metrics, security, ending::end);
    this.index = redis.expiryIndex();
    AttributeCodec codec =
        new AttributeCodec(ClassAllowList.everything(loader), settings.limits().attributeBytes());
    this.directory = SessionDirectory.of(store, codec, index);
    this.reencryption = new Reencryption(store, users, index);
  }

  /**
   * Connects, to the database too if there is a backup: what waits for it later waits for no first
   * connection.
   *
   * @throws SessionStoreUnavailableException when Redis does not answer
   * @throws BackupUnavailableException when the database does not
   */
  void connect() {
    store.ensureAvailable();
    if (backup != null) {
      backup.prepare();
    }
  }

  private static JdbcBackup backup(Settings settings, String database, ClassLoader loader) {
    try {
      return JdbcBackup.of(settings, database, loader);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(e.getMessage() + "; here: name it with --class-path", e);
    }
  }

  /** Notes for an audit what this has done; unlike single ends, none of it is left out. */
  void acted(@Nullable String locator, String what) {
    security.report(
        SecurityEvent.Kind.ADMIN_ACTED,
        locator,
        "on the command line, "
            + Printable.of(System.getProperty("user.name", "somebody"))
            + " ended "
            + what);
  }

  /** Null when there is no backup. */
  @Nullable BackedUpStore backedUp() {
    return backedUp;
  }

  boolean hasBackup() {
    return backup != null;
  }

  /** Copies everything into the backup, which there must be. */
  FullCopy fullCopy() {
    return new FullCopy(redis, requireNonNull(backup), index, settings.backup().batch());
  }

  @Override
  public void close() {
    store.close();
  }
}
