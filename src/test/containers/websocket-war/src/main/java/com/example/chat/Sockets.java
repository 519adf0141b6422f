package com.example.chat;

import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionBindingListener;
import jakarta.websocket.CloseReason;
import jakarta.websocket.Session;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The sockets that were opened with a session, which closes them when it ends: what an application
 * does where the container leaves that to it. It holds connections of this node and a thread to
 * close them, so nobody can store it.
 */
public class Sockets implements HttpSessionBindingListener {

  private final Set<Session> open = ConcurrentHashMap.newKeySet();
  private final ExecutorService closing = Executors.newSingleThreadExecutor();

  void add(Session socket) {
    open.add(socket);
  }

  @Override
  public void valueUnbound(HttpSessionBindingEvent event) {
    CloseReason loggedOut =
        new CloseReason(CloseReason.CloseCodes.VIOLATED_POLICY, "by the application");
    closing.execute(() -> open.forEach(socket -> close(socket, loggedOut)));
    closing.shutdown();
  }

  private static void close(Session socket, CloseReason reason) {
    try {
      socket.close(reason);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
