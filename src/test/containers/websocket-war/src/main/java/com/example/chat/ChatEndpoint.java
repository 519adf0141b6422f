package com.example.chat;

import jakarta.servlet.http.HttpSession;
import jakarta.websocket.HandshakeResponse;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.Session;
import jakarta.websocket.server.HandshakeRequest;
import jakarta.websocket.server.ServerEndpoint;
import jakarta.websocket.server.ServerEndpointConfig;

/**
 * Answers every message with who says it, as the session of the handshake knows it. {@code /name
 * x}, {@code /login x} and {@code /leave} are done to that session, on the thread of the socket.
 */
@ServerEndpoint(value = "/chat", configurator = ChatEndpoint.WithSession.class)
public class ChatEndpoint {

  /** Takes the session along from the handshake to the endpoint, as everybody does it. */
  public static class WithSession extends ServerEndpointConfig.Configurator {

    @Override
    public void modifyHandshake(
        ServerEndpointConfig config, HandshakeRequest request, HandshakeResponse response) {
      HttpSession session = (HttpSession) request.getHttpSession();
      String name = session == null ? "nobody" : (String) session.getAttribute("name");
      String id = session == null ? "none" : session.getId();
      config.getUserProperties().put("name", String.valueOf(name));
      config.getUserProperties().put("id", id);
      if (session != null) {
        config.getUserProperties().put("session", session);
      }
      Object sockets = session == null ? null : session.getAttribute("sockets");
      if (sockets == null) {
        config.getUserProperties().remove("sockets");
      } else {
        config.getUserProperties().put("sockets", sockets);
      }
    }
  }

  @OnOpen
  public void open(Session socket) {
    Sockets sockets = (Sockets) socket.getUserProperties().get("sockets");
    if (sockets != null) {
      sockets.add(socket);
    }
  }

  @OnMessage
  public String answer(String message, Session socket) {
    if (message.startsWith("/")) {
      HttpSession session = (HttpSession) socket.getUserProperties().get("session");
      try {
        command(session, message.split(" "));
        return "done";
      } catch (RuntimeException e) {
        return e.toString();
      }
    }
    return socket.getUserProperties().get("name")
        + " in "
        + socket.getUserProperties().get("id")
        + ": "
        + message;
  }

  private static void command(HttpSession session, String... words) {
    switch (words[0]) {
      case "/name" -> session.setAttribute("name", words[1]);
      case "/login" -> session.setAttribute("user", words[1]);
      default -> session.invalidate();
    }
  }
}
