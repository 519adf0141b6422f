package dev.holdfast.container.contract;

import java.lang.reflect.Method;
import java.util.Arrays;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/**
 * Expects a clause to fail where {@link Differs} says so, and to hold everywhere else; counts both.
 */
final class ContractRules implements InvocationInterceptor {

  @Override
  public void interceptTestMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> called,
      ExtensionContext context)
      throws Throwable {
    judge(invocation, called, context);
  }

  @Override
  public void interceptTestTemplateMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> called,
      ExtensionContext context)
      throws Throwable {
    judge(invocation, called, context);
  }

  private static void judge(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> called,
      ExtensionContext context)
      throws Throwable {
    Contract contract = (Contract) context.getRequiredTestInstance();
    Method clause = called.getExecutable();
    if (!clause.isAnnotationPresent(Clause.class)) {
      throw new AssertionError(clause + " cites no source: give it a @Clause");
    }
    Subject subject = contract.subject();
    String because = subject.ours() ? null : difference(clause, called, subject);
    if (because == null) {
      invocation.proceed();
    } else {
      expectFailure(invocation, subject, because);
    }
    Class<?> area = context.getRequiredTestClass();
    context
        .getRoot()
        .getStore(Namespace.create(ContractRules.class))
        .computeIfAbsent(Tally.class, key -> new Tally(), Tally.class)
        .count(area.getAnnotation(Area.class).value(), subject, because == null);
  }

  private static String difference(
      Method clause, ReflectiveInvocationContext<Method> called, Subject subject) {
    return Arrays.stream(clause.getAnnotationsByType(Differs.class))
        .filter(differs -> Arrays.asList(differs.on()).contains(subject.container()))
        .filter(
            differs ->
                differs.only().length == 0
                    || Arrays.stream(differs.only())
                        .anyMatch(name -> called.getArguments().contains(name)))
        .map(Differs::because)
        .findFirst()
        .orElse(null);
  }

  private static void expectFailure(Invocation<Void> invocation, Subject subject, String because)
      throws Throwable {
    try {
      invocation.proceed();
    } catch (AssertionError expected) {
      return;
    }
    throw new AssertionError(
        subject + " holds this clause, though it is listed as different: " + because);
  }
}
