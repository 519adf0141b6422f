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
 *
 * <p>Most applications know nothing of session ids and log a user in by {@code setAttribute}.
 * {@link dev.holdfast.servlet.LoginWatch} says which call is a login. The id changes before the
 * attribute is set, not at the commit: whichever request of the session saves first, Redis never
 * has the user under the old id. The new cookie belongs to the response of the request that set the
 * attribute and to no other, for another request in flight may be that of whoever planted the old
 * id; so a login on a thread of nobody's request ends the session, as does one after the first
 * byte. A session or id that the request itself has made needs no other: nobody else can know it.
 *
 * <p>Such a login takes its place among the sessions of its user when it is saved, as one that the
 * container names does. If there is none the response becomes a 409. To throw from {@code
 * setAttribute} instead would let an application that catches everything go on as if somebody were
 * logged in.
 */
@NullMarked
package dev.holdfast.servlet;

import org.jspecify.annotations.NullMarked;
