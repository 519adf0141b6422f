/**
 * The Servlet boundary: request, response and {@code HttpSession} over the sessions of {@code
 * dev.holdfast.session}, the cookie, and the rule that data is stored before the first byte can
 * reach the client.
 *
 * <p>{@link dev.holdfast.servlet.SessionBoundary} takes each dispatch through the filter and wraps
 * its request and response; no other class here knows it. {@link
 * dev.holdfast.servlet.WebApplication} holds what all requests of the application share. One {@link
 * dev.holdfast.servlet.RequestScope} per request and web application holds what all its dispatches
 * share. The container hands ERROR and some ASYNC dispatches an unwrapped request, so the scope
 * travels in a request attribute named after the context and the request is wrapped again around
 * it.
 *
 * <p>Session listeners are the container's own instances ({@link dev.holdfast.container}), those
 * that the container itself has added among them: Tomcat closes the WebSockets of a session with
 * one. A binding listener that is replaced gets its own value in the event, where Tomcat's has none
 * (Servlet 6.1, {@code HttpSessionBindingEvent.getValue}), and what it throws while the session
 * ends is logged, where Tomcat leaves the other values bound. A listener among the container's
 * notices a session of the container itself, which costs nothing: asking each request for it could
 * make Tomcat read its store.
 *
 * <h2>Whose request is it?</h2>
 *
 * <p>The {@code HttpSession} object is shared by concurrent requests, as in a container, because
 * applications synchronize on it. It therefore does not know which response it is called for.
 * {@link dev.holdfast.servlet.ActingRequests} knows which request acts on a thread, and a call may
 * touch the response of that request only, and only if the session is its own and it has not ended:
 *
 * <table>
 * <caption>{@code ActingRequestIT} has a test for each row, {@code WebSocketIT} for
 *     sockets</caption>
 * <tr><th>A call on this thread</th><th>acts for</th></tr>
 * <tr><td>of a dispatch: REQUEST, ASYNC, ERROR</td><td>the request of that dispatch</td></tr>
 * <tr><td>of a forward or an include, with our request and response or with those that the
 *     application has unwrapped</td><td>the same request, which goes on afterwards</td></tr>
 * <tr><td>of a dispatch, on a session of another request</td><td>nobody</td></tr>
 * <tr><td>of a dispatch that has not asked for its session, on an object kept from before</td>
 *     <td>the request, if its client sent the id of that session</td></tr>
 * <tr><td>by {@code AsyncContext.start}, or in an {@code AsyncListener}</td>
 *     <td>the asynchronous request</td></tr>
 * <tr><td>of the application, which has called {@code getSession} on a request</td>
 *     <td>that request until it ends, but not while a request of the session is open that came
 *     after the call</td></tr>
 * <tr><td>of the application otherwise, of a WebSocket, or on a request that has ended</td>
 *     <td>nobody</td></tr>
 * </table>
 *
 * <p>Where it acts for somebody, {@code invalidate()} expires that client's cookie, and a login
 * sends it the new one. Where it acts for nobody, {@code invalidate()} ends the session and touches
 * no response, a login ends the session and throws, and everything else is saved within 100 ms or
 * with a request of the session. To take such a call for one of the only open request would be
 * wrong when it matters: that request may be a stream that is kept open by whoever planted the id.
 *
 * <p>The same call and return bound what log lines of the application name ({@link
 * dev.holdfast.servlet.LogContext}): a thread of the container names the session that its request
 * uses, and gets back what it had when the call returns. A thread of the application is left alone,
 * because nobody can say when it stops acting for the request.
 *
 * <p>Most applications know nothing of session ids and log a user in by {@code setAttribute}.
 * {@link dev.holdfast.servlet.LoginWatch} says which call is a login. The id changes before the
 * attribute is set, not at the commit: whichever request of the session saves first, Redis never
 * has the user under the old id. The new cookie belongs to the response of the request that set the
 * attribute and to no other, so a login after the first byte ends the session. A session or id that
 * the request itself has made needs no other: nobody else can know it.
 *
 * <p>Such a login takes its place among the sessions of its user when it is saved, as one that the
 * container names does. If there is none, the response becomes a 409. An exception from {@code
 * setAttribute} instead would let an application that catches everything go on as if somebody were
 * logged in.
 *
 * <p>A session from before Holdfast is taken over in the filter, before the application sees the
 * request, and not at its first {@code getSession()}: that may come after the first byte, when no
 * cookie can be sent any more. Moving out ({@link dev.holdfast.servlet.MovingOut}) is no second way
 * through the boundary but a way past it: the application gets the container's request, or one that
 * differs by the session and the user which the container could not know yet.
 */
@NullMarked
package dev.holdfast.servlet;

import org.jspecify.annotations.NullMarked;
