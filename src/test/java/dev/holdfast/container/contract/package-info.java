/**
 * What an application may expect of its sessions, clause by clause, held against Holdfast and
 * against the containers' own sessions in the same servers.
 *
 * <p>One class per area; each method is a clause and cites where it comes from. A clause that a
 * container does not hold itself says so by {@link dev.holdfast.container.contract.Differs}; it is
 * then expected to fail there, so that the list stays true. The page {@code
 * src/site/markdown/compatibility.md} is made from these annotations and checked against them.
 */
@NullMarked
package dev.holdfast.container.contract;

import org.jspecify.annotations.NullMarked;
