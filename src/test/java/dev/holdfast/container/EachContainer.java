package dev.holdfast.container;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs a test class once for each {@link Container#ofEach Container} of this run, which a field
 * annotated {@code @Parameter} or an argument of a {@code @BeforeParameterizedClassInvocation}
 * method receives.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedClass
@MethodSource("dev.holdfast.container.Container#ofEach")
public @interface EachContainer {}
