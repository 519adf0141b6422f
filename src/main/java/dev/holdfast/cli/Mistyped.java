package dev.holdfast.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Says what is wrong with a command line, without what may be a password: standard error of a
 * scheduled command often ends in a log.
 */
final class Mistyped {
  private static final String SET = "--set";
  private static final String HIDDEN = "***";

  private Mistyped() {}

  /** The message, in which no value of a setting and no URI is shown. */
  static String told(ParameterException failure, String[] arguments) {
    if (failure.getArgSpec() instanceof OptionSpec option
        && Arrays.asList(option.names()).contains(SET)) {
      return SET + " needs NAME=VALUE";
    }
    if (failure instanceof UnmatchedArgumentException unmatched) {
      return "Unknown: " + String.join(" ", shown(unmatched.getUnmatched()));
    }
    String message = String.valueOf(failure.getMessage());
    for (String argument : arguments) {
      int value = argument.startsWith("-") ? argument.indexOf('=') + 1 : 0;
      if (argument.contains("://")) {
        message = message.replace(argument.substring(value), HIDDEN);
      }
    }
    return message;
  }

  /** Options with their names only, and nothing of what may be the value of one. */
  private static List<String> shown(List<String> unmatched) {
    List<String> shown = new ArrayList<>();
    boolean isValue = false;
    for (String argument : unmatched) {
      boolean isOption = argument.startsWith("-");
      int value = argument.indexOf('=') + 1;
      shown.add(
          (isValue && !isOption) || (value == 0 && argument.contains("://"))
              ? HIDDEN
              : value == 0 ? argument : argument.substring(0, value) + HIDDEN);
      isValue = isOption && value == 0;
    }
    return shown;
  }
}
