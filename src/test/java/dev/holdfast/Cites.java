package dev.holdfast;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Which trap of session filters or defect of another product a test is about; {@code
 * TrapsAndDefectsTest} sees to it that none is forgotten. Clauses of the contract say it in their
 * {@code @Clause}.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Cites {

  /** Such as {@code trap 7; defects 9, 14}, followed by what it is. */
  String value();
}
