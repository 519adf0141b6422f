package dev.holdfast.container;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.PushPromiseHandler;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;

/**
 * A client of HTTP/2 without TLS that takes what the server pushes.
 *
 * @param text the answer itself
 * @param protocol what was spoken
 * @param pushed the bodies of what was pushed with it
 */
public record PushingClient(String text, HttpClient.Version protocol, List<String> pushed) {

  /**
   * Asks once, on a connection of its own.
   *
   * @param cookies a header, or empty for none
   */
  public static PushingClient get(URI address, String cookies) {
    ConcurrentMap<HttpRequest, CompletableFuture<HttpResponse<String>>> promises =
        new ConcurrentHashMap<>();
    HttpRequest.Builder request = HttpRequest.newBuilder(address);
    if (!cookies.isEmpty()) {
      request.header("Cookie", cookies);
    }
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
    try {
      // The first request changes the protocol; Jetty pushes nothing along with that one.
      client.send(HttpRequest.newBuilder(address.resolve("/")).build(), BodyHandlers.discarding());
      HttpResponse<String> answer =
          client
              .sendAsync(
                  request.build(),
                  BodyHandlers.ofString(),
                  PushPromiseHandler.of(promise -> BodyHandlers.ofString(), promises))
              .get(30, TimeUnit.SECONDS);
      List<String> pushed =
          promises.values().stream()
              .map(response -> response.orTimeout(10, TimeUnit.SECONDS).join().body())
              .toList();
      return new PushingClient(answer.body(), answer.version(), pushed);
    } catch (Exception e) {
      throw new IllegalStateException("no answer from " + address + ", promised " + promises, e);
    }
  }
}
