package dev.holdfast.servlet;

import dev.holdfast.session.Inheritance;
import dev.holdfast.session.SpringSessions;
import dev.holdfast.session.Takeovers.OldSession;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Spring Session, whose cookie holds the id in base64, as its {@code DefaultCookieSerializer}
 * writes it, or plainly, and perhaps the name of a node behind it.
 */
final class SpringKeeper implements OldSessions.Keeper {
  private static final Pattern ID =
      Pattern.compile("([A-Za-z0-9_-]{16,128})(?:\\.[A-Za-z0-9_-]{1,64})?");

  private final SpringSessions sessions;
  private final SessionCookie cookie;

  SpringKeeper(SpringSessions sessions, SessionCookie cookie) {
    this.sessions = sessions;
    this.cookie = cookie;
  }

  @Override
  public @Nullable OldSession askedFor(HttpServletRequest request) {
    Cookie[] cookies = request.getCookies();
    if (cookies != null) {
      for (Cookie sent : cookies) {
        String id = cookie.name().equals(sent.getName()) ? id(sent.getValue()) : null;
        if (id != null) {
          return new Old(id);
        }
      }
    }
    return null;
  }

  private static @Nullable String id(String value) {
    try {
      String decoded = new String(Base64.getDecoder().decode(value), StandardCharsets.ISO_8859_1);
      String id = plain(decoded);
      return id == null ? plain(value) : id;
    } catch (IllegalArgumentException e) {
      return plain(value);
    }
  }

  private static @Nullable String plain(String text) {
    var matcher = ID.matcher(text);
    return matcher.matches() ? matcher.group(1) : null;
  }

  @Override
  public void expireCookie(HttpServletRequest request, HttpServletResponse response) {
    cookie.expire(request, response);
  }

  @Override
  public String describe() {
    return "sessions of Spring Session (cookie " + cookie.name() + ")";
  }

  private final class Old implements OldSession {
    private final String id;

    Old(String id) {
      this.id = id;
    }

    @Override
    public String id() {
      return id;
    }

    @Override
    public String keeper() {
      return "Spring Session";
    }

    @Override
    public boolean isFarAway() {
      return true;
    }

    @Override
    public @Nullable Inheritance read() {
      return sessions.read(id);
    }

    @Override
    public void end() {
      sessions.end(id);
    }
  }
}
