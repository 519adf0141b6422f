package dev.holdfast.demo;

/**
 * A session cookie as it was seen on its way out of a node. No part may contain a tab.
 *
 * @param node who sent it
 * @param request method and path that it answered
 * @param name the cookie's name
 * @param value its first and last characters
 * @param attributes everything behind the value, for example {@code Path=/; Secure}
 */
record SentCookie(String node, String request, String name, String value, String attributes) {
  String toLine() {
    return String.join("\t", node, request, name, value, attributes);
  }

  static SentCookie fromLine(String line) {
    String[] parts = line.split("\t", -1);
    return new SentCookie(parts[0], parts[1], parts[2], parts[3], parts[4]);
  }
}
