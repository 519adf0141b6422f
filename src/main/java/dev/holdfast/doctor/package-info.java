/**
 * Looks at an installation and says what to change: {@link dev.holdfast.doctor.Doctor}.
 *
 * <p>It asks as the user that the nodes have, because what that user may not do is one of the
 * answers. So a question may be forbidden; it is then answered "cannot tell", with what would let
 * it be told, and is no fault. What Redis tells everybody by HELLO and TIME, its version, role and
 * clock, it is asked for in that way.
 *
 * <p>Nothing is changed. Rights are tried out in forms that change nothing, which leaves lines in
 * Redis's ACL LOG for those that are missing.
 */
@NullMarked
package dev.holdfast.doctor;

import org.jspecify.annotations.NullMarked;
