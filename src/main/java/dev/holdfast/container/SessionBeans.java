package dev.holdfast.container;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRequestListener;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.util.Set;

/** Looks for CDI beans whose scope is the session, without being linked against CDI. */
public final class SessionBeans {
  private static final String CDI = "jakarta.enterprise.";
  private static final Set<String> SCOPES =
      Set.of(CDI + "context.SessionScoped", CDI + "context.ConversationScoped");

  /** The reference implementation of CDI. */
  private static final String WELD = "org.jboss.weld.";

  private SessionBeans() {}

  /** Whether this listener is Weld's, through which its contexts see each request. */
  public static boolean areKeptBy(ServletRequestListener listener) {
    return listener.getClass().getName().startsWith(WELD);
  }

  /** Whether the application has any; false where there is no CDI, or none that answers now. */
  static boolean areIn(ServletContext context) {
    ClassLoader application = context.getClassLoader();
    try {
      Class<?> cdi = application.loadClass(CDI + "inject.spi.CDI");
      Object manager =
          cdi.getMethod("getBeanManager").invoke(cdi.getMethod("current").invoke(null));
      Class<?> literal = application.loadClass(CDI + "inject.Any$Literal");
      Annotation[] any = {(Annotation) literal.getField("INSTANCE").get(null)};
      Object beans =
          application
              .loadClass(CDI + "inject.spi.BeanManager")
              .getMethod("getBeans", Type.class, Annotation[].class)
              .invoke(manager, Object.class, any);
      Class<?> bean = application.loadClass(CDI + "inject.spi.Bean");
      for (Object each : (Set<?>) beans) {
        Class<?> scope = (Class<?>) bean.getMethod("getScope").invoke(each);
        Class<?> type = (Class<?>) bean.getMethod("getBeanClass").invoke(each);
        if (SCOPES.contains(scope.getName()) && isTheApplications(type, application)) {
          return true;
        }
      }
      return false;
    } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
      return false;
    }
  }

  /**
   * Tells the application's beans from those that CDI itself has in these scopes. What Open Liberty
   * gives out as the application's class loader stands in front of the one that loads the
   * application's classes and ours.
   */
  private static boolean isTheApplications(Class<?> bean, ClassLoader application) {
    ClassLoader loader = bean.getClassLoader();
    return loader == application || loader == SessionBeans.class.getClassLoader();
  }
}
