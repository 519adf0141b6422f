package dev.holdfast.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * One of an enum's constants, written in lower case with dashes; upper case is accepted too.
 *
 * @param <E> the enum
 */
final class ChoiceType<E extends Enum<E>> implements ValueType<E> {

  private final E[] constants;

  ChoiceType(Class<E> type) {
    this.constants = type.getEnumConstants();
  }

  @Override
  public E parse(String text) throws InvalidValueException {
    for (E constant : constants) {
      if (format(constant).equalsIgnoreCase(text)) {
        return constant;
      }
    }
    String choices = Arrays.stream(constants).map(this::format).collect(Collectors.joining(", "));
    throw new InvalidValueException("no such choice, must be one of " + choices);
  }

  @Override
  public String format(E value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  @Override
  public String allowed() {
    return Arrays.stream(constants)
        .map(constant -> "`" + format(constant) + "`")
        .collect(Collectors.joining(", "));
  }
}
