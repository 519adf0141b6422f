package dev.holdfast.benchmark.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A kept-alive connection that asks and reads, and little more: a client that costs as little as
 * this leaves the cores to the server.
 */
final class Connection implements AutoCloseable {
  private final Socket socket;
  private final InputStream in;
  private final StringBuilder line = new StringBuilder();
  private @Nullable String cookie;

  Connection(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(20_000);
    in = new BufferedInputStream(socket.getInputStream(), 8192);
  }

  /** Sends one request and reads its answer. */
  void get(String target, @Nullable String sent) throws IOException {
    String request =
        "GET "
            + target
            + " HTTP/1.1\r\nHost: localhost\r\n"
            + (sent == null ? "" : "Cookie: " + sent + "\r\n")
            + "\r\n";
    socket.getOutputStream().write(request.getBytes(ISO_8859_1));
    String status = readLine();
    if (!status.startsWith("HTTP/1.1 200")) {
      throw new IOException(target.replaceAll("\\?.*", "") + " was answered " + status);
    }
    int length = -1;
    for (String header = readLine(); !header.isEmpty(); header = readLine()) {
      String lower = header.toLowerCase(Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        length = Integer.parseInt(header.substring(15).strip());
      } else if (lower.startsWith("set-cookie:")) {
        cookie = header.substring(11).strip().replaceAll(";.*", "");
      }
    }
    if (length < 0) {
      throw new IOException("an answer without Content-Length");
    }
    in.skipNBytes(length);
  }

  /** The last cookie that was set, {@code name=value}. */
  String cookie() throws IOException {
    if (cookie == null) {
      throw new IOException("no cookie was set: where is the session?");
    }
    return cookie;
  }

  private String readLine() throws IOException {
    line.setLength(0);
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the server has closed the connection");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
