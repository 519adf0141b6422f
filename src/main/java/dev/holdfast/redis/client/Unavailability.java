package dev.holdfast.redis.client;

import dev.holdfast.api.SessionStoreUnavailableException;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.netty.handler.ssl.NotSslRecordException;
import java.net.SocketException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Says why Redis did not do what it was asked: operation, address, time, state, remedy. An error
 * that Redis answered is never a cause, because a stack trace would print the arguments that it
 * repeats.
 */
final class Unavailability {
  private static final String LOGIN_REMEDY =
      "; check the user and password in redis.uri, redis.credentials or redis.credentials-provider,"
          + " and the user's ACL";

  private final Topology topology;
  private final Bulkhead bulkhead;

  Unavailability(Topology topology, Bulkhead bulkhead) {
    this.topology = topology;
    this.bulkhead = bulkhead;
  }

  /** There is no connection. */
  SessionStoreUnavailableException notConnected(String operation, long since, Throwable failure) {
    return new SessionStoreUnavailableException(
        subject(operation)
            + "is not connected after "
            + millis(since)
            + ": "
            + Faults.reason(failure)
            + connectRemedy(failure),
        safeCause(failure));
  }

  private static String connectRemedy(Throwable failure) {
    if (Faults.unwrap(failure) instanceof UnusableCredentialsException) {
      return "";
    }
    String reason = Faults.reason(failure);
    if (isLogin(reason)) {
      return LOGIN_REMEDY;
    }
    if (reason.contains("initialization timed out") || reason.contains("handshake timed out")) {
      return "; check that Redis is not stalled, and that redis.uri begins with rediss where the port"
          + " speaks TLS, and only there";
    }
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof NotSslRecordException
          || (t instanceof SocketException && reason.contains("reset"))) {
        return "; check that redis.uri begins with rediss where the port speaks TLS, and only there";
      }
      if (t instanceof GeneralSecurityException || t instanceof SSLException) {
        return "; check the server's certificate: its authority must be in redis.trust (or the"
            + " JDK's own), its name the host in redis.uri, its time not over";
      }
    }
    return "; check that it runs and that redis.uri names it";
  }

  private static boolean isLogin(String reason) {
    return reason.contains("NOAUTH") || reason.contains("WRONGPASS") || reason.contains("NOPERM");
  }

  /** The caller was interrupted while it waited. */
  SessionStoreUnavailableException interrupted(String operation, long since) {
    return new SessionStoreUnavailableException(
        subject(operation)
            + "was interrupted after "
            + millis(since)
            + state()
            + "; a write may have happened",
        null);
  }

  /** Too many callers wait already. */
  SessionStoreUnavailableException crowded(String operation, long since) {
    return new SessionStoreUnavailableException(
        subject(operation)
            + "had no place for another caller within "
            + millis(since)
            + state()
            + "; Redis is too slow, or raise redis.concurrency",
        null);
  }

  /** The caller's request has waited as long as it may. */
  SessionStoreUnavailableException overBudget(String operation, Duration limit) {
    return new SessionStoreUnavailableException(
        subject(operation)
            + "was not tried: its request has waited for Redis for "
            + limit.toMillis()
            + " ms already"
            + state()
            + "; Redis is too slow, or raise redis.request-timeout",
        null);
  }

  /** Redis is silent, and another caller is finding out whether it still is. */
  SessionStoreUnavailableException silent(String operation, Link link) {
    return new SessionStoreUnavailableException(
        subject(operation)
            + "was not tried: "
            + link.address()
            + " is "
            + link.state()
            + ", and one call at a time finds out whether it still is"
            + state()
            + "; check that Redis is not stalled",
        null);
  }

  /** The write was done, but no replica has confirmed it in time. */
  SessionStoreUnavailableException unconfirmed(String operation, long since) {
    return new SessionStoreUnavailableException(
        subject(operation)
            + "was confirmed by no replica within "
            + millis(since)
            + state()
            + "; it is written and may be lost in a failover: check that a replica is connected, or"
            + " set durability=none",
        null);
  }

  /** The call failed after it was sent, or could not be sent. */
  SessionStoreUnavailableException failed(
      String operation, long since, @Nullable Throwable failure) {
    if (failure instanceof NotConnectedException && failure.getCause() != null) {
      return notConnected(operation, since, failure.getCause());
    }
    if (failure == null || failure instanceof RedisCommandTimeoutException) {
      return new SessionStoreUnavailableException(
          subject(operation)
              + "got no reply within "
              + millis(since)
              + state()
              + "; a write may still happen until its deadline; check that Redis is not stalled,"
              + " or raise redis.timeout, and with it redis.request-timeout",
          null);
    }
    return new SessionStoreUnavailableException(
        subject(operation)
            + "failed after "
            + millis(since)
            + state()
            + ": "
            + Faults.reason(failure)
            + remedy(failure),
        safeCause(failure));
  }

  private static String remedy(Throwable failure) {
    if (Faults.isOutOfMemory(failure)) {
      return "; nothing was written: give Redis more memory or end sessions";
    }
    if (Faults.isWrongServer(failure)) {
      return "; the connection is closed and the next call looks for the primary again";
    }
    if (isLogin(Faults.reason(failure))) {
      return LOGIN_REMEDY;
    }
    return "; the outcome of a write is unknown";
  }

  private static @Nullable Throwable safeCause(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof RedisCommandExecutionException) {
        return null;
      }
    }
    return failure;
  }

  private String subject(String operation) {
    return "Redis at " + topology.address() + " - " + operation + " ";
  }

  private String state() {
    return String.format(
        Locale.ROOT,
        " (%s, waiting=%d of %d)",
        topology.state(),
        bulkhead.taken(),
        bulkhead.size());
  }

  private static String millis(long since) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since) + " ms";
  }
}
