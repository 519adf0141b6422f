/**
 * A history checker in the manner of Jepsen. Clients send requests of several {@link
 * dev.holdfast.history.Workload workloads} to two or more servers by turns, without stickiness,
 * while {@link dev.holdfast.history.Nemesis nemeses} break Redis, the network and the servers. Each
 * {@link dev.holdfast.history.Request} is recorded as its client saw it. When all is well again
 * every session is read once more, and the workloads judge the {@link dev.holdfast.history.History}
 * by the invariants I1 to I16.
 *
 * <p>Every written value is unique and names its session, so that a value read tells which write it
 * is of. Requests answered 5xx or not at all may have had their effect or not, but all of it or
 * nothing; requests answered 409 must have had none. All times are those of one clock, the
 * checker's: no statement rests on the clocks of the servers.
 */
@NullMarked
package dev.holdfast.history;

import org.jspecify.annotations.NullMarked;
