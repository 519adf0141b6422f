package dev.holdfast.preflight;

import dev.holdfast.text.Printable;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One thing about an application that its owner should know before its sessions move. All texts are
 * fit for one line of a terminal each.
 *
 * @param severity how much it matters
 * @param subject what it is about: an attribute, a class, an element of web.xml, a library
 * @param meaning what will happen
 * @param remedy what to do; empty when there is nothing to do
 */
public record Finding(Severity severity, String subject, String meaning, String remedy) {

  /** How much a finding matters, in ascending order. */
  public enum Severity {
    /** Works; said because somebody may have asked. */
    OK,
    /** Works differently from what one might expect, or could not be told. */
    NOTE,
    /** Something will be lost or stay on its node. */
    WARNING,
    /** The application or the jar will not start, or the sessions stay where they are. */
    BLOCKER
  }

  public Finding {
    subject = Printable.message(subject);
    meaning = Printable.message(meaning);
    remedy = Printable.message(remedy);
  }

  static Finding ok(String subject, String meaning) {
    return new Finding(Severity.OK, subject, meaning, "");
  }

  static Finding note(String subject, String meaning, String remedy) {
    return new Finding(Severity.NOTE, subject, meaning, remedy);
  }

  static Finding warning(String subject, String meaning, String remedy) {
    return new Finding(Severity.WARNING, subject, meaning, remedy);
  }

  static Finding blocker(String subject, String meaning, String remedy) {
    return new Finding(Severity.BLOCKER, subject, meaning, remedy);
  }

  Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("severity", severity.name());
    map.put("subject", subject);
    map.put("meaning", meaning);
    map.put("remedy", remedy);
    return map;
  }
}
