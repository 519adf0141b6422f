/**
 * Links, calls and topologies: how a command gets to the server of its key, and its reply back.
 *
 * <h2>Keys and servers</h2>
 *
 * <p>{@link dev.holdfast.redis.client.Redis} is what the store asks. A {@link
 * dev.holdfast.redis.client.Call} is sent with the key it is about, and {@link
 * dev.holdfast.redis.client.Topology} knows the server of that key; so keys of one operation may
 * lie in different hash slots, and are never part of one script. A caller that waits takes a {@link
 * dev.holdfast.redis.client.Turn}, sends for every key and then awaits each reply, which is one
 * wait:
 *
 * <pre>
 * try (Turn turn = redis.turn("create", redis.timeout(), key)) {
 *   Call&lt;List&lt;Object&gt;&gt; create = Script.CREATE.callNotAfter(key, argv, turn.left());
 *   Call&lt;Long&gt; file = Call.number(CommandType.ZADD, args, turn.left());
 *   turn.send(key, create);
 *   turn.send(indexKey, file);
 *   turn.await(create);
 *   turn.await(file);
 * }
 * </pre>
 *
 * <p>{@link dev.holdfast.redis.client.Call} deals with redirects and with scripts that Redis has
 * forgotten. The clock is each server's own: a not-after deadline is written for the server a
 * script is sent to, and anew for the next one after a redirect.
 *
 * <h2>Topologies</h2>
 *
 * <p>{@link dev.holdfast.redis.client.OneServer}, {@link dev.holdfast.redis.client.SentinelGroup}
 * and {@link dev.holdfast.redis.client.Cluster}; each says in its own documentation how it finds a
 * primary. Reads go to primaries only, and a server that calls itself a replica at the handshake is
 * refused: stale data would undo logouts. Every connection of a topology is kept by a {@link
 * dev.holdfast.redis.client.RedisConnector}.
 *
 * <p>A server that is frozen costs one time-out, not one for each request: when it has been silent
 * on a connection for a whole {@code redis.timeout}, callers are refused at once but for one in
 * every time-out, who finds out whether it still is; after three the connection is given up, and
 * then nobody waits. That takes a dozen lines in {@link dev.holdfast.redis.client.Link}; a circuit
 * breaker library would be one more jar in every WAR.
 *
 * <p>A server that is slow, and not frozen, costs a request {@code redis.request-timeout} at most
 * and not a time-out for each of its waits: a {@link dev.holdfast.redis.client.Turn} lasts as long
 * as its request has left ({@link dev.holdfast.store.TimeBudget}). Not counted are the first
 * connection, for which the first callers wait, and the database of a backup, which has time-outs
 * of its own.
 *
 * <h2>Lettuce</h2>
 *
 * <ul>
 *   <li>{@code ByteArrayCodec}; a packet of several commands is one flush.
 *   <li>Auto-reconnect is off and {@link dev.holdfast.redis.client.RedisConnector} replaces a lost
 *       connection: it must not be used before its scripts are loaded and its clock is read, the
 *       address must be resolved anew (READONLY, LOADING and MASTERDOWN close the connection for
 *       that), and without auto-reconnect Lettuce works at most once: no command is ever replayed.
 *   <li>Every command has a timeout; logins and logouts ({@code save} with a rotation or a
 *       principal, {@code destroy}) get twice {@code redis.timeout}. A connection on which Redis
 *       has been silent for three timeouts is closed: TCP_USER_TIMEOUT would need a native
 *       transport.
 *   <li>Names are resolved by the JDK, not by Netty's resolver, which ignores the system's.
 *   <li>No Netty on callers' threads: a write from outside would leave Netty's thread locals, and
 *       so the web application's class loader, in the container's threads. Commands are handed to
 *       the event loop as a task, which is what a write from outside does as well. The alternative,
 *       FastThreadLocal.removeAll() after every call, costs each call and would sweep what an
 *       application's own Netty keeps there.
 *   <li>Threads are daemons named {@code <app>-redis-...} without context class loader or inherited
 *       thread locals. {@code close()} waits for their end, including that of Netty's
 *       GlobalEventExecutor.
 * </ul>
 */
@NullMarked
package dev.holdfast.redis.client;

import org.jspecify.annotations.NullMarked;
