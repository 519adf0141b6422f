package dev.holdfast.container.app;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/** One step of a request: a verb and its arguments, all in one line. */
final class Step {

  private final String text;
  private final String[] words;

  Step(String text) {
    this.text = text;
    this.words = text.split(" ", -1);
  }

  String text() {
    return text;
  }

  String verb() {
    return words[0];
  }

  boolean has(int index) {
    return index < words.length;
  }

  /** The index-th argument, from 1. Percent-encoding is undone: {@code %20} is a blank. */
  String word(int index) {
    if (!has(index)) {
      throw new IllegalArgumentException("\"" + text + "\" needs " + index + " arguments");
    }
    return decoded(words[index]);
  }

  /** Everything from the index-th argument on, blanks included, decoded like a word. */
  String rest(int index) {
    return decoded(raw(index));
  }

  /** The same, as it was written. */
  String raw(int index) {
    String[] parts = text.split(" ", index + 1);
    return parts.length > index ? parts[index] : "";
  }

  int number(int index) {
    return Integer.parseInt(word(index));
  }

  private static String decoded(String word) {
    return word.indexOf('%') < 0
        ? word
        : URLDecoder.decode(word.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
