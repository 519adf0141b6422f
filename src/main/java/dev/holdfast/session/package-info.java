/**
 * The rules of a session, without Servlet, Lettuce or Kryo.
 *
 * <p>Concurrent requests of one session on one node share one {@link dev.holdfast.session.Session}
 * object and the same attribute instances, as in a container. Values meet bytes in {@link
 * dev.holdfast.session.ValueRules}, bytes meet the store in {@link dev.holdfast.session.Joining},
 * {@link dev.holdfast.session.Committing} and {@link dev.holdfast.session.Ending}. A session object
 * that nobody uses stays in a cache bounded by weight, and is never used again before the store has
 * confirmed its stamp: validating a copy costs one wait and under 300 bytes, re-reading a 200 KB
 * session costs seven times the CPU.
 *
 * <p>Dirty state belongs to the session object, not to the request: whichever request commits first
 * saves all that is pending. After a save to which the store did not answer "saved", the object
 * leaves the registry, so that no later request sees what the store never took.
 *
 * <p>What happens is told through {@link dev.holdfast.session.SessionEvents}, in Tomcat's order,
 * and each event on one node: the store gives what it deleted to one of several callers, and that
 * one tells. A node that finds its copy gone tells nobody. An old value that has not been read here
 * is decoded when it is replaced or removed, because it may want to know that it is unbound, unless
 * nobody listens to attributes and a glance at its bytes shows a class of the JDK.
 *
 * <p>{@link dev.holdfast.session.ExpirySweeper} ends a session that nobody asks for any more, on
 * whichever node finds it first. Listeners hear of the end of a session at most once: the store
 * deletes it first, then the listeners are called, so if the node dies in between they are never
 * called. While one thread of a node is ending a session, other threads of that node that find it
 * gone leave the object to that thread.
 *
 * <p>A session that has ended is invalid on every node: a node that holds an object of it hears of
 * the end from the one that ended it, asks the store, and ends the object at once, as a container
 * does, whether requests use it or a WebSocket keeps it. A thread of this package saves within 100
 * ms what is changed outside of requests; a request that is at work on another thread may then see
 * its session saved before it commits.
 *
 * <p>Nodes that treat one session differently are hard to find out about, so they compare their
 * settings ({@link dev.holdfast.session.SettingsAgreement}). The comparison has no thread of its
 * own and no say: a node that differs goes on, because a rolling change is a difference too.
 *
 * <p>Setting an attribute to what the store has is no write ({@link
 * dev.holdfast.session.StoredCopy}): frameworks do that on every read.
 *
 * <p>A value that cannot be stored is local: it lives in the session object, which is then not
 * evicted. It is unbound also when the object is given up for another reason than the session's
 * end. With {@code unserializable=refuse} it is refused instead, when it is set or, if only its own
 * code fails, when the session is saved.
 *
 * <p>A login's rotation and a renewal are two things. A login changes what an id is worth: the old
 * one is dead with the save, the epoch goes up, and writers that entered before are fenced. A
 * renewal only shortens how long a stolen id is of use: the epoch stays, the old id is good for a
 * grace, and of several nodes that renew at once one wins while the changes of all are saved. It is
 * announced when it is stored and not before, since it may lose. Whoever came with the id that was
 * renewed gets the new one if this node knows it; after a login nobody does.
 *
 * <p>A session of another store that goes on here ({@link dev.holdfast.session.Takeovers}) is made
 * whole before it is stored, by one node, and its listeners hear of a new id only: to them it has
 * neither ended nor begun. The claim is in Redis for the container's sessions too, though most
 * containers keep theirs on one node, because some do not, and Holdfast cannot tell.
 *
 * <p>The cache is Caffeine's, because eviction by weight under concurrency is not what this project
 * is about.
 */
@NullMarked
package dev.holdfast.session;

import org.jspecify.annotations.NullMarked;
