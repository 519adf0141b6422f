package dev.holdfast.container;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.support.ParameterDeclarations;

/**
 * As {@link EachContainer}, for what hardly depends on the container: all of them with profile
 * {@code full}, else one, to keep the short run short.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedClass
@ArgumentsSource(AnyContainer.Choice.class)
public @interface AnyContainer {
  /** The one of the short run. */
  Container value();

  /** Whether it is for those of {@code javax.servlet} too: its WAR holds no library for Jakarta. */
  boolean javax() default true;

  /** Reads the annotation. */
  final class Choice implements ArgumentsProvider {
    @Override
    public Stream<? extends Arguments> provideArguments(
        ParameterDeclarations parameters, ExtensionContext context) {
      AnyContainer any = context.getRequiredTestClass().getAnnotation(AnyContainer.class);
      List<Container> all = any.javax() ? Container.underTest() : Container.ofJakarta();
      List<Container> chosen = Container.isFull() ? all : List.of(any.value());
      return chosen.stream().map(Arguments::of);
    }
  }
}
