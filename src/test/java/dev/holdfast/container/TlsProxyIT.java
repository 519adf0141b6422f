package dev.holdfast.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.redis.testing.Certificates;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Security checklist 1.2, "Secure" and "Caching": a real nginx ends TLS in front of two nodes that
 * know nothing of it, and another of its servers keeps pages.
 */
@ParameterizedClass
@MethodSource("dev.holdfast.container.SessionSecurityIT#containers")
class TlsProxyIT {
  @TempDir static Path directory;
  private static Nginx nginx;
  private static HttpClient client;

  TlsProxyIT(Container container) {}

  @BeforeParameterizedClassInvocation
  static void start(Container container) throws IOException, GeneralSecurityException {
    assumeTrue(Nginx.isPossible(), "No nginx on the PATH");
    SecurityNodes nodes = SecurityNodes.of(container);
    Path files = Files.createTempDirectory(directory, "nginx");
    Certificates certificates = new Certificates(files);
    nginx = Nginx.start(files, certificates, nodes.one(), nodes.two());
    client = HttpClient.newBuilder().sslContext(trusting(certificates)).build();
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    if (nginx != null) {
      nginx.close();
    }
  }

  private static SSLContext trusting(Certificates certificates)
      throws IOException, GeneralSecurityException {
    KeyStore trust =
        KeyStore.getInstance(
            certificates.authorityStore("changeit").toFile(), "changeit".toCharArray());
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(trust);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, factory.getTrustManagers(), null);
    return context;
  }

  private static Reply get(String address, String path, String... headers) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address + "/shop" + path));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return new Reply(client.send(request.build(), BodyHandlers.ofByteArray()));
  }

  @Test
  void behindTlsThatEndsAtTheProxyTheCookieIsSecureWhateverAClientSays() throws Exception {
    for (String[] forged :
        List.of(
            new String[0],
            new String[] {"X-Forwarded-Proto", "http"},
            new String[] {"Forwarded", "proto=http", "X-Forwarded-Ssl", "off"})) {
      Reply reply = get(nginx.address(), Browser.probe("set color red", "rotate"), forged);

      assertThat(reply.setCookies()).as(reply.toString()).hasSize(1);
      SetCookie cookie = reply.setCookies().get(0);
      assertThat(cookie.raw()).endsWith("; Path=/; Secure; HttpOnly; SameSite=Lax");
      for (int turn = 0; turn < 2; turn++) {
        Reply next =
            get(
                nginx.address(),
                Browser.probe("get color"),
                "Cookie",
                cookie.name() + "=" + cookie.value());
        assertThat(next.of("get color")).as("on either node").isEqualTo("red");
      }
    }
  }

  @Test
  void aSharedCacheNeverGivesOneVisitorsCookieToAnother() throws Exception {
    String plain = Browser.probe("print hello");
    assertThat(get(nginx.cachingAddress(), plain).header("X-Cache")).hasValue("MISS");
    assertThat(get(nginx.cachingAddress(), plain).header("X-Cache"))
        .as("the cache works")
        .hasValue("HIT");

    String page = Browser.probe("create", "print a page with a session");
    Reply first = get(nginx.cachingAddress(), page);
    Reply second = get(nginx.cachingAddress(), page);

    assertThat(first.header("Cache-Control")).hasValue("no-store");
    assertThat(second.header("X-Cache")).hasValue("MISS");
    assertThat(second.setCookies()).hasSize(1);
    assertThat(second.setCookies().get(0).value()).isNotEqualTo(first.setCookies().get(0).value());
    assertThat(second.of("create")).isNotEqualTo(first.of("create"));
  }
}
