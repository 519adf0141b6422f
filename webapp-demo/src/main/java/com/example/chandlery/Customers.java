package com.example.chandlery;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import java.util.TreeMap;

/** The shop's two customers. Their passwords are no secret: the front page prints them. */
final class Customers {
  private static final Map<String, String> PASSWORDS =
      new TreeMap<>(Map.of("alice", "wonderland", "bob", "builder"));

  private Customers() {}

  static boolean accepts(String name, String password) {
    String expected = PASSWORDS.get(name);
    return expected != null
        && MessageDigest.isEqual(
            expected.getBytes(StandardCharsets.UTF_8), password.getBytes(StandardCharsets.UTF_8));
  }

  static Map<String, String> all() {
    return PASSWORDS;
  }
}
