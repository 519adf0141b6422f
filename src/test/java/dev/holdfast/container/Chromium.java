package dev.holdfast.container;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real Chromium without a window, and the site that it visits: pages of a server at {@code
 * 127.0.0.1}, which for a browser is another site than {@code localhost}, where the applications
 * are. Each page does one thing by script and goes on to the next. Cookies of other sites inside of
 * a page are blocked, as more and more browsers do.
 */
final class Chromium implements AutoCloseable {
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome");

  private final HttpServer site;
  private final CountDownLatch done = new CountDownLatch(1);
  private final List<String> pages = new ArrayList<>();
  private @Nullable Process process;

  Chromium() throws IOException {
    site = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    site.createContext("/page/", this::answer);
    site.start();
  }

  /** One on the PATH, or null. */
  static @Nullable Path executable() {
    return NAMES.stream()
        .flatMap(
            name ->
                Stream.of(System.getenv("PATH").split(File.pathSeparator))
                    .map(directory -> Path.of(directory, name)))
        .filter(Files::isExecutable)
        .findFirst()
        .orElse(null);
  }

  /** Adds a page; its script finds the address of the next one in {@code next}. */
  void page(String script) {
    pages.add(script);
  }

  /** The address of a page, counted from 0; the one after the last ends the visit. */
  String address(int page) {
    return "http://127.0.0.1:" + site.getAddress().getPort() + "/page/" + page;
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    int number = Integer.parseInt(path.substring("/page/".length()));
    String script = number < pages.size() ? pages.get(number) : "";
    byte[] page =
        ("<!DOCTYPE html><title>A site</title><body><script>const next='"
                + address(number + 1)
                + "';"
                + script
                + "</script>")
            .getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/html;charset=UTF-8");
    exchange.sendResponseHeaders(200, page.length);
    exchange.getResponseBody().write(page);
    exchange.close();
    if (number >= pages.size()) {
      done.countDown();
    }
  }

  /**
   * Opens an address as if it had been typed and waits until the last page is reached.
   *
   * @return whether it was within a minute
   */
  boolean visit(Path profile, String address) throws IOException, InterruptedException {
    Files.createDirectories(profile.resolve("Default"));
    Files.writeString(
        profile.resolve("Default/Preferences"),
        "{\"profile\":{\"cookie_controls_mode\":1,\"block_third_party_cookies\":true}}");
    List<String> command = new ArrayList<>(List.of(executable() + ""));
    command.addAll(
        Arrays.asList(
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
            "--remote-debugging-port=0",
            "--user-data-dir=" + profile,
            address));
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(profile.resolve("output.log").toFile())
            .start();
    return done.await(60, TimeUnit.SECONDS);
  }

  /** Ends it with the processes it has started. */
  @Override
  public void close() {
    site.stop(0);
    Process running = process;
    if (running != null) {
      List<ProcessHandle> children = running.descendants().toList();
      running.destroy();
      try {
        running.waitFor(5, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      children.forEach(ProcessHandle::destroyForcibly);
      running.destroyForcibly();
    }
  }
}
