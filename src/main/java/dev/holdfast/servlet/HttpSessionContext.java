package dev.holdfast.servlet;

import jakarta.servlet.http.HttpSession;
import java.util.Enumeration;
import org.jspecify.annotations.Nullable;

/**
 * Stands for the type of this name in {@code javax.servlet.http}, which {@code
 * jakarta.servlet.http} has no more. The javax jar is built without this one and names that one in
 * its place; {@link DroppedSessionMethods#getSessionContext} is then the method that an old
 * application calls.
 */
interface HttpSessionContext {
  @Nullable HttpSession getSession(String id);

  Enumeration<String> getIds();
}
