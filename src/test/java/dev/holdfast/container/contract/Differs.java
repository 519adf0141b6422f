package dev.holdfast.container.contract;

import dev.holdfast.container.Container;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** These containers do not hold the clause with sessions of their own. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Repeatable(Differs.All.class)
public @interface Differs {

  /** The containers. */
  Container[] on();

  /** What they do instead, in one line. */
  String because();

  /** For a clause with several cases: the names of those in question; none means all. */
  String[] only() default {};

  /** Several of them. */
  @Target(ElementType.METHOD)
  @Retention(RetentionPolicy.RUNTIME)
  @interface All {
    Differs[] value();
  }
}
