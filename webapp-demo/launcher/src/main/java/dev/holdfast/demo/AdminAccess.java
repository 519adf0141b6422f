package dev.holdfast.demo;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;

/**
 * How to get into the admin view of the nodes.
 *
 * @param path where it is
 * @param token what it asks for
 */
record AdminAccess(String path, String token) {
  private static final String PATH = "HOLDFAST_ADMIN_PATH";
  private static final String TOKEN = "HOLDFAST_ADMIN_TOKEN";
  private static final int TOKEN_BYTES = 16;

  /** As the environment says, else with a token of this run. */
  static AdminAccess from(Map<String, String> environment) {
    byte[] random = new byte[TOKEN_BYTES];
    new SecureRandom().nextBytes(random);
    return new AdminAccess(
        environment.getOrDefault(PATH, "/holdfast-admin"),
        environment.getOrDefault(TOKEN, HexFormat.of().formatHex(random)));
  }

  /** For a node, by its environment, where no other user of the machine sees it. */
  void putInto(Map<String, String> environment) {
    environment.put(PATH, path);
    environment.put(TOKEN, token);
  }

  /** Hides the token. */
  @Override
  public String toString() {
    return "AdminAccess[" + path + "]";
  }
}
