package dev.holdfast.redis.client;

import dev.holdfast.config.TlsSettings;
import io.lettuce.core.SslOptions;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Keys and trust from files, PEM or a key store. They are read at each connect, so that
 * certificates can be renewed without a restart. The URI's {@code verifyPeer} decides what is
 * verified; by default, chain and host name.
 */
final class Tls {
  private Tls() {}

  static SslOptions options(TlsSettings settings, Duration handshake) {
    return SslOptions.builder()
        .jdkSslProvider()
        .handshakeTimeout(handshake)
        .sslContext(context -> configure(context, settings))
        .build();
  }

  private static void configure(SslContextBuilder context, TlsSettings settings) {
    try {
      if (!settings.trust().isEmpty()) {
        context.trustManager(trust(settings));
      }
      if (!settings.key().isEmpty()) {
        key(context, settings);
      }
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(
          "redis.trust or redis.key cannot be read: " + Faults.reason(e), e);
    }
  }

  private static TrustManagerFactory trust(TlsSettings settings)
      throws GeneralSecurityException, IOException {
    Path file = Path.of(settings.trust());
    KeyStore store;
    if (isPem(file)) {
      store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int count = 0;
      try (InputStream in = Files.newInputStream(file)) {
        for (Certificate authority :
            CertificateFactory.getInstance("X.509").generateCertificates(in)) {
          store.setCertificateEntry("authority-" + count++, authority);
        }
      }
    } else {
      store = KeyStore.getInstance(file.toFile(), password(settings.trustPassword()));
    }
    if (store.size() == 0) {
      throw new KeyStoreEmptyException(file);
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory;
  }

  private static void key(SslContextBuilder context, TlsSettings settings)
      throws GeneralSecurityException, IOException {
    File file = new File(settings.key());
    char[] password = password(settings.keyPassword());
    if (isPem(file.toPath())) {
      context.keyManager(file, file, password == null ? null : settings.keyPassword());
      return;
    }
    KeyStore store = KeyStore.getInstance(file, password);
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, password);
    context.keyManager(factory);
  }

  private static boolean isPem(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1).contains("-----BEGIN ");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static char @Nullable [] password(String text) {
    return text.isEmpty() ? null : text.toCharArray();
  }

  /**
   * A trust file holds no certificate. It would trust nobody, which would show only at the
   * handshake.
   */
  private static final class KeyStoreEmptyException extends GeneralSecurityException {
    private static final long serialVersionUID = 1L;

    KeyStoreEmptyException(Path file) {
      super(file + " holds no certificate");
    }
  }
}
