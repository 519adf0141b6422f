package dev.holdfast.codec.forbidden;

import java.io.Serializable;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;

/** Not on any allow-list of the tests; leaves a trace when it is initialised. */
public final class Marker extends Exception
    implements Serializable, InvocationHandler, Comparable<Marker> {
  public static final String TRACE = "holdfast.test.marker";

  static {
    System.setProperty(TRACE, "initialised");
  }

  public enum Constant {
    ONE;

    static {
      System.setProperty(TRACE, "initialised");
    }
  }

  public record Entry(String name) implements Serializable {
    static {
      System.setProperty(TRACE, "initialised");
    }
  }

  /** Has no code of its own; loading it for a proxy would be enough. */
  public interface Face {
    Object TRACED = System.setProperty(TRACE, "initialised");
  }

  /** Is called what Weld calls the classes of its client proxies. */
  public static class Proxy$_$$_WeldClientProxy implements Serializable {
    static {
      System.setProperty(TRACE, "initialised");
    }
  }

  /** A lambda of this class. */
  public static Runnable lambda() {
    return (Runnable & Serializable) () -> {};
  }

  @Override
  public Object invoke(Object proxy, Method method, Object[] arguments) {
    return null;
  }

  @Override
  public int compareTo(Marker other) {
    return 0;
  }
}
