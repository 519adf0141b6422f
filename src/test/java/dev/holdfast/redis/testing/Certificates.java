package dev.holdfast.redis.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Certificates made for one run by the JDK's keytool, as PEM files, which redis-server reads. */
public final class Certificates {
  private static final String PASSWORD = "changeit";

  private final Path directory;
  private final Path store;

  /** Makes an authority named {@code authority}. */
  public Certificates(Path directory) {
    this.directory = directory;
    this.store = directory.resolve("keys.p12");
    keytool("-genkeypair", "-alias", "authority", "-dname", "CN=authority", "-ext", "bc:c");
  }

  /** An authority that signed nothing. */
  public Path stranger() {
    keytool("-genkeypair", "-alias", "stranger", "-dname", "CN=stranger", "-ext", "bc:c");
    return certificate("stranger");
  }

  /**
   * A certificate that the authority has signed, with its key.
   *
   * @param alternativeName such as {@code ip:127.0.0.1} or {@code dns:localhost}
   * @param validity keytool's options for it, none for 90 days from now
   */
  public Path signed(String alias, String alternativeName, String... validity) {
    List<String> arguments =
        new ArrayList<>(
            List.of("-genkeypair", "-alias", alias, "-dname", "CN=" + alias, "-signer"));
    arguments.addAll(List.of("authority", "-ext", "san=" + alternativeName));
    arguments.addAll(List.of(validity));
    keytool(arguments.toArray(new String[0]));
    return pem(alias, true);
  }

  /** The authority's certificate. */
  public Path authority() {
    return certificate("authority");
  }

  /** The same in a key store of type PKCS12. */
  public Path authorityStore(String password) {
    Path file = directory.resolve("trust.p12");
    try {
      KeyStore trust = KeyStore.getInstance("PKCS12");
      trust.load(null, null);
      trust.setCertificateEntry("authority", load().getCertificate("authority"));
      try (var out = Files.newOutputStream(file)) {
        trust.store(out, password.toCharArray());
      }
      return file;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A key store with only {@code alias}, which {@link #signed} made. */
  public Path keyStore(String alias, String password) {
    Path file = directory.resolve(alias + ".p12");
    try {
      KeyStore one = KeyStore.getInstance("PKCS12");
      one.load(null, null);
      KeyStore all = load();
      one.setKeyEntry(
          alias,
          all.getKey(alias, PASSWORD.toCharArray()),
          password.toCharArray(),
          all.getCertificateChain(alias));
      try (var out = Files.newOutputStream(file)) {
        one.store(out, password.toCharArray());
      }
      return file;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private Path certificate(String alias) {
    return pem(alias, false);
  }

  private KeyStore load() throws IOException, GeneralSecurityException {
    return KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
  }

  private Path pem(String alias, boolean withKey) {
    try {
      KeyStore keys = load();
      StringBuilder text = new StringBuilder();
      if (withKey) {
        Key key = keys.getKey(alias, PASSWORD.toCharArray());
        text.append(block("PRIVATE KEY", key.getEncoded()));
        for (Certificate one : keys.getCertificateChain(alias)) {
          text.append(block("CERTIFICATE", one.getEncoded()));
        }
      } else {
        text.append(block("CERTIFICATE", keys.getCertificate(alias).getEncoded()));
      }
      return Files.writeString(directory.resolve(alias + ".pem"), text);
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String block(String kind, byte[] der) {
    String body =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(der);
    return "-----BEGIN " + kind + "-----\n" + body + "\n-----END " + kind + "-----\n";
  }

  private void keytool(String... arguments) {
    List<String> command =
        new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "keytool") + ""));
    command.addAll(List.of(arguments));
    command.addAll(List.of("-keystore", store + "", "-storepass", PASSWORD));
    command.addAll(List.of("-storetype", "PKCS12", "-keyalg", "EC", "-groupname", "secp256r1"));
    command.addAll(List.of("-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC"));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException("keytool: " + output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted", e);
    }
  }
}
