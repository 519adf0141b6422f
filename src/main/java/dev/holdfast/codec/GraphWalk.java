package dev.holdfast.codec;

import org.jspecify.annotations.Nullable;

/**
 * What the serializers note for each other and for the codec while Kryo walks one value. Every Kryo
 * has one: see {@link TextKryo#walk}.
 */
final class GraphWalk {
  private final NamedClasses classes;
  private boolean doubtful;
  private boolean plainNext;
  private boolean plainHere;
  private boolean embedded;
  private int discarding;

  GraphWalk(NamedClasses classes) {
    this.classes = classes;
  }

  // Writing

  /**
   * Lets the next object be one of a plain class. Kryo asks for the class of every object, even of
   * one that was written before, so it does not matter by which path an object is reached first.
   */
  void admitPlain() {
    plainNext = true;
  }

  /** Begins an object: what was admitted for the next one now holds for this one. */
  void begin() {
    plainHere = plainNext;
    plainNext = false;
    embedded = false;
  }

  /** Whether the object just begun might be of a plain class. */
  boolean admitsPlain() {
    return plainHere;
  }

  /** Notes that JDK serialization writes the object just begun. */
  void embed() {
    embedded = true;
  }

  /** Whether JDK serialization writes the object just begun; false while reading. */
  boolean isEmbedded() {
    return embedded;
  }

  /** Notes that reading this value will run code of the application, which may fail. */
  void doubt() {
    doubtful = true;
  }

  /**
   * Notes the same for a key that will be hashed or compared, unless it is an immutable JDK value
   * or an enum constant.
   */
  void doubtUnlessValue(@Nullable Object key) {
    if (key != null && !(key instanceof String) && !(key instanceof Enum)) {
      doubtful |= !ValueTypes.isImmutable(key.getClass());
    }
  }

  boolean isDoubtful() {
    return doubtful;
  }

  /** Whether the bytes may name the class. */
  boolean isAllowed(String className) {
    return classes.isAllowed(className);
  }

  // Reading

  /** Until {@link #endDiscarding} what is read is dropped, so classes may be missing. */
  void beginDiscarding() {
    discarding++;
  }

  void endDiscarding() {
    discarding--;
  }

  boolean isDiscarding() {
    return discarding > 0;
  }

  /**
   * The class that the stored bytes name; null when it is missing or not allowed while what is read
   * is dropped.
   *
   * @throws UndecodableValueException when it is missing or not allowed, and needed
   */
  @Nullable Class<?> find(String className) {
    if (isDiscarding() && !classes.isAllowed(className)) {
      return null;
    }
    Class<?> found = classes.resolve(className);
    if (found == null && !isDiscarding()) {
      throw gone(className);
    }
    return found;
  }

  UndecodableValueException gone(String className) {
    return new UndecodableValueException(
        "The class '"
            + NamedClasses.printable(className)
            + "' of the stored value is not in this application",
        null);
  }

  /** Forgets what was noted of the value. */
  void clear() {
    discarding = 0;
    doubtful = false;
    plainNext = false;
    embedded = false;
  }
}
