package dev.holdfast.container;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** What a server answered. */
public final class Reply {

  private final HttpResponse<byte[]> response;

  Reply(HttpResponse<byte[]> response) {
    this.response = response;
  }

  public int status() {
    return response.statusCode();
  }

  /** The first header of this name. */
  public Optional<String> header(String name) {
    return response.headers().firstValue(name);
  }

  /** All headers of this name. */
  public List<String> headers(String name) {
    return response.headers().allValues(name);
  }

  /** All cookies set, in the order of the headers. */
  public List<SetCookie> setCookies() {
    return headers("Set-Cookie").stream().map(SetCookie::parse).toList();
  }

  public byte[] bytes() {
    return response.body();
  }

  /** The body in UTF-8. */
  public String text() {
    return new String(bytes(), StandardCharsets.UTF_8);
  }

  /**
   * What a step of the probe gave, for example {@code of("get color")}. If the same step was taken
   * several times, the last one's.
   *
   * @throws AssertionError if that step was not taken; shows the whole reply
   */
  public String of(String step) {
    String head = step + " -> ";
    return text()
        .lines()
        .filter(line -> line.startsWith(head))
        .reduce((first, second) -> second)
        .map(line -> line.substring(head.length()))
        .orElseThrow(() -> new AssertionError("no step \"" + step + "\" in " + this));
  }

  /** What a step gave each time it was taken, in order. */
  public List<String> all(String step) {
    String head = step + " -> ";
    return text()
        .lines()
        .filter(line -> line.startsWith(head))
        .map(line -> line.substring(head.length()))
        .toList();
  }

  /** Status, headers and the beginning of the body. */
  @Override
  public String toString() {
    String text = text();
    return status()
        + " "
        + response.headers().map()
        + "\n"
        + (text.length() > 4000 ? text.substring(0, 4000) + "..." : text);
  }
}
