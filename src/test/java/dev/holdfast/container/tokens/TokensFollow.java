package dev.holdfast.container.tokens;

import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionIdListener;

/** Files a session's token under its new id. Declared in a web.xml. */
public final class TokensFollow implements HttpSessionIdListener {
  @Override
  public void sessionIdChanged(HttpSessionEvent event, String oldSessionId) {
    Tokens.move(oldSessionId, event.getSession().getId());
  }
}
