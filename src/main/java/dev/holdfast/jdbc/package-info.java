/**
 * The backup of sessions: one table, by nothing but {@code java.sql}.
 *
 * <p>One row for a session, found by application and locator. What a store needs to have the
 * session back stands in {@code fields} as the store gave it: what is encrypted in Redis is
 * encrypted here, and what is not is not. Beside it stands what decides whether a row may be
 * replaced ({@code epoch}, {@code taken}, {@code ended}), whether it may be put back ({@code
 * deadline}), and whether it is still what the store has ({@code stamp_count}, {@code
 * stamp_random}).
 *
 * <p>A row of a session that has ended stays, without its fields, for as long as the session could
 * have lived: no late batch of another node makes it anew.
 *
 * <h2>Standard SQL</h2>
 *
 * <p>MERGE and ON CONFLICT differ from database to database, and the standard's MERGE does not say
 * what becomes of two at once. So: an UPDATE that names the condition, in a batch; for those it did
 * not hit, an INSERT where no row is; and if two nodes insert the same row, the transaction is
 * rolled back and its rows are written one by one. Batches are sorted, so that two nodes do not
 * lock each other out. The only dialect is the type of {@code fields}. The contract runs on
 * PostgreSQL and on H2.
 *
 * <p>No clock of a JVM or of the database is asked: every time is one the store gave.
 */
@NullMarked
package dev.holdfast.jdbc;

import org.jspecify.annotations.NullMarked;
