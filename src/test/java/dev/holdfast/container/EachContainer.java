package dev.holdfast.container;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Runs a test class once for each {@link Container}, which a field annotated {@code @Parameter} or
 * an argument of a {@code @BeforeParameterizedClassInvocation} method receives.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedClass
@EnumSource(Container.class)
public @interface EachContainer {}
