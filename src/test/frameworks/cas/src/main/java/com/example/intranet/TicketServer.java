package com.example.intranet;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** What this application needs of a CAS server: it takes any ticket "ST-name" for one of that user. */
class TicketServer {
  private final HttpServer server;

  TicketServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/cas/serviceValidate", TicketServer::validate);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/cas";
  }

  void stop() {
    server.stop(0);
  }

  private static void validate(HttpExchange exchange) throws IOException {
    String user = exchange.getRequestURI().getQuery().replaceAll(".*ticket=ST-(\\w+).*", "$1");
    byte[] answer =
        """
        <cas:serviceResponse xmlns:cas="http://www.yale.edu/tp/cas">
          <cas:authenticationSuccess>
            <cas:user>%s</cas:user>
            <cas:attributes>
              <cas:mail>%s@example.com</cas:mail>
              <cas:group>staff</cas:group>
              <cas:group>readers</cas:group>
            </cas:attributes>
          </cas:authenticationSuccess>
        </cas:serviceResponse>
        """
            .formatted(user, user)
            .getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "text/xml");
    exchange.sendResponseHeaders(200, answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
  }
}
