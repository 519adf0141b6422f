package com.example.chat;

import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionBindingListener;
import jakarta.websocket.CloseReason;
import jakarta.websocket.Session;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The sockets that were opened with a session, which closes them when it ends: what an application
 * does where the container leaves that to it. Nothing to store: it holds connections of this node.
 */
public class Sockets implements HttpSessionBindingListener {

  private final Set<Session> open = ConcurrentHashMap.newKeySet();

  void add(Session socket) {
    open.add(socket);
  }

  @Override
  public void valueUnbound(HttpSessionBindingEvent event) {
    CloseReason loggedOut =
        new CloseReason(CloseReason.CloseCodes.VIOLATED_POLICY, "by the application");
    for (Session socket : open) {
      try {
        socket.close(loggedOut);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
