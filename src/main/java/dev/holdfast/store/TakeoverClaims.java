package dev.holdfast.store;

import dev.holdfast.api.SessionStoreUnavailableException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Which sessions of another store have become sessions of this one, or are about to. Of several
 * nodes that want to take one over, one has the claim; the others learn from it where the session
 * has gone. A claim is kept for a short time only.
 *
 * <p>Every method waits once and throws {@link SessionStoreUnavailableException} when the store
 * does not answer.
 */
public interface TakeoverClaims {

  /**
   * A claim of somebody.
   *
   * @param lead what {@link #claim} was given
   * @param settled whether the session is there
   */
  record Claim(byte[] lead, boolean settled) {}

  /**
   * The claim on a session, or null.
   *
   * @param name says which session, and nothing that could be used to open it: base64url
   */
  @Nullable Claim find(String name);

  /**
   * Claims a session, if nobody has.
   *
   * @param lead tells whoever knows the session's old id where it leads
   * @param life how long the claim is kept
   * @return the claim of somebody else; null when it is the caller's now
   */
  @Nullable Claim claim(String name, byte[] lead, Duration life);

  /** Notes that the session is there, and keeps the claim for {@code life} from now on. */
  void settle(String name, byte[] lead, Duration life);

  /** Gives up a claim that came to nothing. */
  void release(String name, byte[] lead);
}
