/**
 * The Servlet boundary: request, response and {@code HttpSession} over the sessions of {@code
 * dev.holdfast.session}, the cookie, and the rule that data is stored before the first byte can
 * reach the client.
 *
 * <p>One {@link dev.holdfast.servlet.RequestScope} per request and web application holds what all
 * its dispatches share. The container hands ERROR and some ASYNC dispatches an unwrapped request,
 * so the scope travels in a request attribute named after the context and the request is wrapped
 * again around it.
 *
 * <p>Session listeners are the container's own instances ({@link dev.holdfast.servlet.container}),
 * those that the container itself has added among them: Tomcat closes the WebSockets of a session
 * with one. A binding listener that is replaced gets its own value in the event, where Tomcat's has
 * none (Servlet 6.1, {@code HttpSessionBindingEvent.getValue}), and what it throws while the
 * session ends is logged, where Tomcat leaves the other values bound. A session of the container
 * itself is noticed by a listener among the container's, which costs nothing: to ask each request
 * for it may make Tomcat read its store.
 *
 * <p>The {@code HttpSession} object is shared by concurrent requests, as in a container, because
 * applications synchronize on it. It therefore does not know which response it is called for; the
 * scopes that use it are registered with it, each with its thread. A ThreadLocal would do the same
 * and could outlive the application.
 */
@NullMarked
package dev.holdfast.servlet;

import org.jspecify.annotations.NullMarked;
