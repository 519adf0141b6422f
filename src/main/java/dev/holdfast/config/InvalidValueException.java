package dev.holdfast.config;

/**
 * A value that its type does not accept. The message says what is wrong and what is right, without
 * the value.
 */
final class InvalidValueException extends Exception {

  private static final long serialVersionUID = 1L;

  InvalidValueException(String whatIsWrongAndWhatIsRight) {
    super(whatIsWrongAndWhatIsRight);
  }
}
