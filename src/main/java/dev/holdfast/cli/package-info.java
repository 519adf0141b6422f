/**
 * The command line of the all-in-one jar: {@link dev.holdfast.cli.HoldfastCommand}.
 *
 * <p>It is another client of the same Redis, with the settings of the nodes and none of the
 * application's classes. So it shows the types of values and no values, and it leaves to a node
 * what needs the application: a session that it ends is over at once for every request, and a node
 * takes it out and tells the listeners ({@link dev.holdfast.session.RemoteEnding}).
 *
 * <p>Nothing that it does is lost half-way: every step is one script or one transaction, so a
 * command that is stopped leaves what it has done, and can be given again.
 *
 * <p>What it answers goes to standard output: a table for people, or with {@code --json} one JSON
 * object a line, for a list one line each, so that a list of any length needs no memory on either
 * side. Progress and faults go to standard error. Exit codes are in {@link dev.holdfast.cli.Exit}.
 */
@NullMarked
package dev.holdfast.cli;

import org.jspecify.annotations.NullMarked;
