/**
 * Keeps the backup of sessions in one table, with nothing but {@code java.sql}.
 *
 * <p>Each session has one row, found by application and locator. The column {@code fields} holds
 * what the store needs to have the session back, as the store gave it: what is encrypted in Redis
 * is encrypted here, and nothing else is. Other columns decide whether a row may be replaced
 * ({@code epoch}, {@code taken}, {@code ended}), whether it may be put back ({@code deadline}), and
 * whether it still matches what the store has ({@code stamp_count}, {@code stamp_random}).
 *
 * <p>The row of a session that has ended stays, without its fields, for as long as the session
 * could have lived, so that no late batch of another node creates it again.
 *
 * <h2>Standard SQL</h2>
 *
 * <p>MERGE and ON CONFLICT differ from database to database, and the standard's MERGE does not say
 * what becomes of two at once. So a batch of UPDATEs names the condition, and an INSERT follows for
 * each row that none of them hit. If two nodes insert the same row, the transaction is rolled back
 * and its rows are written one by one. Batches are sorted, so that two nodes do not lock each other
 * out. Only the type of {@code fields} depends on the database. The contract test runs on
 * PostgreSQL and on H2.
 *
 * <p>Every time comes from the store; no clock of a JVM or of the database is asked.
 */
@NullMarked
package dev.holdfast.backup.jdbc;

import org.jspecify.annotations.NullMarked;
