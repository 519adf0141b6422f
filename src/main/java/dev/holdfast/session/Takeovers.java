package dev.holdfast.session;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.holdfast.api.LoginRefusedException;
import dev.holdfast.api.SecurityEvent.Kind;
import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.metrics.Metrics;
import dev.holdfast.metrics.Metrics.Counter;
import dev.holdfast.security.SecurityEvents;
import dev.holdfast.security.SessionToken;
import dev.holdfast.security.Sha256;
import dev.holdfast.store.TakeoverClaims;
import dev.holdfast.store.TakeoverClaims.Claim;
import dev.holdfast.text.Loggers;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Takes sessions of another store over, each of them once, whichever nodes its requests reach.
 *
 * <p>The first request claims the old session in Redis, reads it again now that nobody else may,
 * stores the new one under a token that nobody had before, and ends the old one. The others find
 * the claim and go where it leads, as does what was on its way with the old id when it ended, for
 * {@link #GRACE}. A node that dies with a claim holds the others up for {@link #LEASE}; the old
 * session is still there then.
 *
 * <p>The lead is the new token, sealed with a key that is made from the old id: whoever reads Redis
 * cannot open it without that id, which opened the session anyway. The claim's name is made from
 * the id in another way. So an old id opens nothing after the grace, and an id that the old store
 * does not know, or does not know any more, has never opened anything.
 *
 * <p>An id that leads nowhere is remembered for a minute, so that an old cookie of a session that
 * ended long ago does not cost each request a wait.
 */
public final class Takeovers {
  private static final Logger LOG = Loggers.of(Takeovers.class);
  private static final Duration LEASE = Duration.ofSeconds(10);
  private static final Duration GRACE = Duration.ofSeconds(30);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration UNKNOWN_FOR = Duration.ofMinutes(1);
  private static final int MAX_UNKNOWN = 10_000;
  private static final long PAUSE_MILLIS = 10;
  private static final int SHOWN = 6;
  private static final int NAME_BYTES = 16;
  private static final int NONCE = 12;
  private static final int TAG_BITS = 128;

  private final String context;
  private final TakeoverClaims claims;
  private final SessionManager manager;
  private final BiFunction<SessionToken, Inheritance, Session> maker;
  private final SessionEvents events;
  private final SecurityEvents security;
  private final Metrics metrics;
  private final SecureRandom random;
  private final Cache<String, Boolean> unknown =
      Caffeine.newBuilder()
          .maximumSize(MAX_UNKNOWN)
          .expireAfterWrite(UNKNOWN_FOR)
          .executor(Runnable::run)
          .build();

  /**
   * @param app name of the application in the store
   * @param maker makes a session, not stored yet and held
   */
  Takeovers(
      String app,
      TakeoverClaims claims,
      SessionManager manager,
      BiFunction<SessionToken, Inheritance, Session> maker,
      SessionEvents events,
      SecurityEvents security,
      Metrics metrics,
      SecureRandom random) {
    this.context = "holdfast takeover " + app + " ";
    this.claims = claims;
    this.manager = manager;
    this.maker = maker;
    this.events = events;
    this.security = security;
    this.metrics = metrics;
    this.random = random;
  }

  /** A session of another store, as the client asks for it. */
  public interface OldSession {

    /** The id that the client sent. */
    String id();

    /** Who keeps it, for messages. */
    String keeper();

    /** Whether {@link #read} waits for Redis. */
    boolean isFarAway();

    /** What it holds now; null when there is none of that id. */
    @Nullable Inheritance read();

    /** Ends it for good. May wait. */
    void end();
  }

  /**
   * Where an old session leads.
   *
   * @param session held for the caller
   * @param token to which the old id leads. A login may have given the session another one since,
   *     which is not for whoever comes with the old id
   * @param oldId the old session's id, if this call has taken it over; else null
   */
  public record Led(Session session, SessionToken token, @Nullable String oldId) {}

  /**
   * The session in which {@code old} goes on; null when there is none. Of those who ask for one old
   * session, one gets its id too, and has to tell the listeners by {@link #announce}.
   *
   * @throws LoginRefusedException when its user has as many sessions as they may have
   * @throws SessionStoreUnavailableException when Redis does not answer, or another request that
   *     takes the same session over does not get done
   */
  public @Nullable Led lead(OldSession old) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    String name = name(old.id());
    boolean isUnknown = unknown.getIfPresent(name) != null;
    if (isUnknown && old.isFarAway()) {
      return null;
    }
    do {
      Inheritance found = old.read();
      Claim claim;
      if (found == null) {
        if (isUnknown) {
          return null;
        }
        claim = claims.find(name);
        if (claim == null) {
          unknown.put(name, true);
          return null;
        }
      } else {
        SessionToken token = SessionToken.create(random);
        byte[] lead = seal(old.id(), token);
        claim = claims.claim(name, lead, LEASE);
        if (claim == null) {
          return takeOver(old, name, lead, token);
        }
        if (claim.settled()) {
          // Whoever took it over could not end it.
          old.end();
        }
      }
      SessionToken token = open(old.id(), claim.lead());
      Session session = token == null ? null : manager.join(token).session();
      if (session != null && token != null) {
        if (!claim.settled() && found != null) {
          finish(old, name, claim.lead(), session);
        }
        return new Led(session, token, null);
      }
      if (claim.settled() || token == null) {
        return null;
      }
    } while (paused() && System.nanoTime() < deadline);
    throw new SessionStoreUnavailableException(
        "A session of "
            + old.keeper()
            + " was not taken over: another request has begun to do so and is not done after "
            + PATIENCE.toSeconds()
            + " s; send the request again",
        null);
  }

  /** Tells the listeners that the session has another id, once its request can find it. */
  public void announce(Led led) {
    if (led.oldId() != null) {
      events.idChanged(led.session(), led.oldId());
    }
  }

  private static boolean paused() {
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Takes it over for a caller that has the claim. */
  private @Nullable Led takeOver(OldSession old, String name, byte[] lead, SessionToken token) {
    Session session = null;
    try {
      session = stored(old, token);
    } finally {
      if (session == null) {
        giveUp(name, lead);
      }
    }
    if (session == null) {
      return null;
    }
    finish(old, name, lead, session);
    metrics.count(Counter.TAKEN_OVER);
    security.report(
        Kind.TAKEN_OVER,
        session.locator(),
        "goes on as a session of Holdfast; " + old.keeper() + " had it as " + shown(old.id()));
    return new Led(session, token, old.id());
  }

  /** The new session, stored and held; null when the old one has ended. */
  private @Nullable Session stored(OldSession old, SessionToken token) {
    // Again, now that nobody else takes it over: somebody may have, before the claim.
    Inheritance from = old.read();
    if (from == null) {
      return null;
    }
    Session session = maker.apply(token, from);
    boolean stored = false;
    try {
      stored = manager.commit(session) == SessionManager.Commit.SAVED;
      return stored ? session : null;
    } finally {
      if (!stored) {
        manager.release(session);
      }
    }
  }

  /** Ends the old session once the new one is stored, by whomever. */
  private void finish(OldSession old, String name, byte[] lead, Session session) {
    boolean done = false;
    try {
      claims.settle(name, lead, GRACE);
      old.end();
      done = true;
    } finally {
      if (!done) {
        manager.release(session);
      }
    }
  }

  private void giveUp(String name, byte[] lead) {
    try {
      claims.release(name, lead);
    } catch (SessionStoreUnavailableException e) {
      LOG.log(Level.DEBUG, "A claim is left to end by itself", e);
    }
  }

  /** The beginning of an id, and never more than half of it. */
  private static String shown(String id) {
    return id.substring(0, Math.min(SHOWN, id.length() / 2)) + "...";
  }

  private String name(String id) {
    byte[] hash = Arrays.copyOf(Sha256.of(context + "claim " + id), NAME_BYTES);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
  }

  private byte[] seal(String id, SessionToken token) {
    byte[] nonce = new byte[NONCE];
    random.nextBytes(nonce);
    try {
      byte[] sealed =
          cipher(Cipher.ENCRYPT_MODE, id, nonce)
              .doFinal(token.value().getBytes(StandardCharsets.US_ASCII));
      byte[] lead = Arrays.copyOf(nonce, NONCE + sealed.length);
      System.arraycopy(sealed, 0, lead, NONCE, sealed.length);
      return lead;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-256-GCM does not work on this Java platform", e);
    }
  }

  /** Null for what no holder of the id has written. */
  private @Nullable SessionToken open(String id, byte[] lead) {
    if (lead.length <= NONCE) {
      return null;
    }
    try {
      byte[] value =
          cipher(Cipher.DECRYPT_MODE, id, Arrays.copyOf(lead, NONCE))
              .doFinal(lead, NONCE, lead.length - NONCE);
      return SessionToken.parse(new String(value, StandardCharsets.US_ASCII));
    } catch (AEADBadTagException e) {
      return null;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-256-GCM does not work on this Java platform", e);
    }
  }

  private Cipher cipher(int mode, String id, byte[] nonce) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        mode,
        new SecretKeySpec(Sha256.of(context + "key " + id), "AES"),
        new GCMParameterSpec(TAG_BITS, nonce));
    return cipher;
  }
}
