package dev.holdfast.container.contract;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** One clause of the contract; goes beside {@code @Test} or {@code @ParameterizedTest}. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@interface Clause {

  /**
   * Where it comes from, separated by semicolons: a section of the Servlet specification, {@code
   * trap N} of session filters, {@code defect N} of another product, or what containers do.
   */
  String value();
}
