package dev.holdfast.admin;

import dev.holdfast.text.Printable;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * HTML in the making. What comes from outside goes through {@link #text} or {@link #value}, which
 * escape it; {@link #raw} is for literals of this package.
 */
final class Html {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final int KILO = 1000;

  private final StringBuilder out = new StringBuilder(4096);
  private final Instant now;

  /**
   * @param now what "ago" counts from, by the store's clock
   */
  Html(Instant now) {
    this.now = now;
  }

  /** Adds HTML as it is. */
  Html raw(String literal) {
    out.append(literal);
    return this;
  }

  /**
   * Adds one line of text: the first 200 characters, with what is invisible written as its Java
   * escape, so that no name can hide a part of itself or turn the direction of the page.
   */
  Html text(String text) {
    escape(Printable.of(text));
    return this;
  }

  /** Adds a sentence of this library, which may quote text from outside, in full. */
  Html sentence(String text) {
    escape(Printable.message(text));
    return this;
  }

  /** Adds text of several lines, such as a value. */
  Html lines(String text) {
    int begin = 0;
    for (int i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', begin)) {
      escape(Printable.message(text.substring(begin, i)));
      out.append('\n');
      begin = i + 1;
    }
    escape(Printable.message(text.substring(begin)));
    return this;
  }

  /**
   * Adds what leads to a page: a link, or where that is too long for an address a form.
   *
   * @param look classes of the style sheet; empty for a link in text
   * @param link of {@link PageLinks}, which the page takes as the parameter
   * @param label text from outside
   */
  Html lead(String path, String parameter, String look, String link, String label) {
    if (PageLinks.fitsAddress(link)) {
      raw("<a").value("href", path + "?" + parameter + "=" + link);
      return (look.isEmpty() ? this : value("class", look)).raw(">").text(label).raw("</a>");
    }
    return raw("<form method=\"post\"")
        .value("action", path)
        .raw("><button")
        .value("class", look.isEmpty() ? "quiet" : look)
        .value("name", parameter)
        .value("value", link)
        .raw(">")
        .text(label)
        .raw("</button></form>");
  }

  /** Adds a number. */
  Html number(long number) {
    out.append(String.format(Locale.ROOT, "%,d", number));
    return this;
  }

  /** Adds an attribute in quotes, with a blank before it. Its value stays as it is. */
  Html value(String attribute, String value) {
    out.append(' ').append(attribute).append("=\"");
    escape(value);
    out.append('"');
    return this;
  }

  /** Adds a moment of the past, and how long ago that is. */
  Html ago(Instant time) {
    Duration ago = Duration.between(time, now);
    return moment(time, ago.toSeconds() <= 0 ? "now" : inWords(ago) + " ago");
  }

  /** Adds a moment of the future, and how long it is until then. */
  Html in(Instant time) {
    Duration left = Duration.between(now, time);
    return moment(time, left.isNegative() ? "over" : "in " + inWords(left));
  }

  private Html moment(Instant time, String relative) {
    Instant seconds = time.truncatedTo(ChronoUnit.SECONDS);
    return raw("<time")
        .value("datetime", seconds.toString())
        .value("title", TIME.format(seconds) + " UTC")
        .raw(">")
        .raw(relative)
        .raw("</time>");
  }

  /** Adds a length of time. */
  Html span(Duration span) {
    return raw(inWords(span));
  }

  private static String inWords(Duration span) {
    long seconds = span.toSeconds();
    if (seconds < 120) {
      return seconds + " s";
    }
    if (span.toMinutes() < 120) {
      return span.toMinutes() + " min";
    }
    return span.toHours() < 72 ? span.toHours() + " h" : span.toDays() + " days";
  }

  /** Adds a number of bytes. */
  Html bytes(long bytes) {
    String shown =
        bytes < KILO
            ? bytes + " B"
            : bytes < KILO * KILO
                ? String.format(Locale.ROOT, "%.1f kB", bytes / (double) KILO)
                : String.format(Locale.ROOT, "%.1f MB", bytes / (double) (KILO * KILO));
    return raw(shown);
  }

  private void escape(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&quot;");
        case '\'' -> out.append("&#39;");
        default -> out.append(c);
      }
    }
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
