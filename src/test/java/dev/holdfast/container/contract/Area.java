package dev.holdfast.container.contract;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What a class of the contract is called on the page. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@interface Area {
  String value();
}
