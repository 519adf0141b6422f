package dev.holdfast.codec.differential;

import java.util.Set;
import java.util.TreeSet;

/** Where generated no-argument constructors sign, so that one that ran can be told. */
public final class Ledger {
  private static final ThreadLocal<Set<String>> SIGNED = ThreadLocal.withInitial(TreeSet::new);

  private Ledger() {}

  /** Called by the constructor of a generated class. */
  public static void sign(String className) {
    SIGNED.get().add(className);
  }

  /** The classes whose constructors ran since the last call. */
  static Set<String> take() {
    Set<String> signed = SIGNED.get();
    SIGNED.remove();
    return signed;
  }
}
