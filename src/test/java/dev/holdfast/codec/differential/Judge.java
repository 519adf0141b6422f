package dev.holdfast.codec.differential;

import dev.holdfast.api.UnencodableValueException;
import dev.holdfast.codec.AttributeCodec;
import dev.holdfast.codec.ClassAllowList;
import dev.holdfast.codec.UndecodableValueException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/**
 * Puts the codec beside Java serialization, one value at a time. The codec that reads has never
 * seen the class before: it plays a node that has just started.
 */
final class Judge {
  private final ClassAllowList allowed;
  private final JavaSerialization java;
  private final AttributeCodec writer;

  Judge(ClassAllowList allowed) {
    this.allowed = allowed;
    this.java = new JavaSerialization(allowed.loader());
    this.writer = new AttributeCodec(allowed);
  }

  Verdict judge(Object value) {
    Ledger.take();
    JavaSerialization.Outcome expected = java.roundTrip(value);
    Set<String> constructed = Ledger.take();
    byte[] before = bytesOf(value);
    byte[] encoded;
    try {
      encoded = writer.encode(value);
    } catch (UnencodableValueException e) {
      return new Verdict(
          expected.brings() ? Verdict.Kind.LOCAL : Verdict.Kind.REFUSED,
          String.valueOf(e.getMessage()));
    } catch (RuntimeException | Error e) {
      return Verdict.different("encode throws " + e);
    }
    if (!Arrays.equals(before, bytesOf(value))) {
      return Verdict.different("encoding changed the value");
    }
    Ledger.take();
    Object actual;
    try {
      actual = new AttributeCodec(allowed).decode(encoded);
    } catch (UndecodableValueException e) {
      return Verdict.different("accepted, but another node cannot read it: " + e.getMessage());
    } catch (RuntimeException | Error e) {
      return Verdict.different("decode throws " + e);
    }
    Set<String> constructedByUs = Ledger.take();
    if (!expected.brings()) {
      return judgePlain(value, actual, expected);
    }
    String difference = Comparison.difference(expected.value(), actual);
    if (difference == null && !constructed.equals(constructedByUs)) {
      difference =
          "Java ran the constructors of " + constructed + ", we those of " + constructedByUs;
    }
    return difference == null ? new Verdict(Verdict.Kind.EQUAL, "") : Verdict.different(difference);
  }

  /**
   * Changes a value that the codec takes for immutable.
   *
   * @return what is wrong, if its bytes are others now
   */
  Optional<String> changed(Object value) {
    if (!writer.isImmutable(value)) {
      return Optional.empty();
    }
    try {
      byte[] before = writer.encode(value);
      Mutation.of(value);
      return Arrays.equals(before, writer.encode(value))
          ? Optional.empty()
          : Optional.of("taken for immutable, but it changed: " + value.getClass().getName());
    } catch (UnencodableValueException e) {
      return Optional.empty();
    }
  }

  private Verdict judgePlain(Object value, Object actual, JavaSerialization.Outcome expected) {
    if (!PlainRoot.is(value)) {
      return Verdict.different("Java serialization refuses it, we do not: " + expected.failure());
    }
    String difference = PlainRoot.difference(java, value, actual);
    return difference == null
        ? new Verdict(Verdict.Kind.PLAIN, "")
        : Verdict.different("a plain root: " + difference);
  }

  /** Java's bytes of the value, or none where it refuses. */
  private static byte[] bytesOf(Object value) {
    try {
      return JavaSerialization.write(value);
    } catch (IOException | RuntimeException | StackOverflowError e) {
      return new byte[0];
    }
  }
}
