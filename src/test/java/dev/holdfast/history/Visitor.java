package dev.holdfast.history;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Whoever holds a session's token. Requests that come back with a new one change it. */
final class Visitor {
  private final String session;
  private volatile String token;

  /** A visitor without a token, of a session that the checker calls so. */
  Visitor(String session) {
    this(session, "");
  }

  private Visitor(String session, String token) {
    this.session = session;
    this.token = token;
  }

  String session() {
    return session;
  }

  /** What the cookie holds; empty when there is none. */
  String token() {
    return token;
  }

  void take(String issued) {
    token = issued;
  }

  /** Another visitor who has the same token now and goes on alone. */
  Visitor copy() {
    return new Visitor(session, token);
  }

  /** Another visitor of the session with this token. */
  Visitor with(String other) {
    return new Visitor(session, other);
  }

  /** Eight digits that stand for a token. */
  static String hash(String token) {
    if (token.isEmpty()) {
      return "-";
    }
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.US_ASCII));
      return HexFormat.of().formatHex(hash, 0, 4);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
