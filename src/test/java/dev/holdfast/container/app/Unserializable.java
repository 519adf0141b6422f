package dev.holdfast.container.app;

/** A value that can only stay where it is: it holds a thread. */
public final class Unserializable {

  private final Thread thread = Thread.currentThread();
  private final String name;

  public Unserializable(String name) {
    this.name = name;
  }

  public Thread thread() {
    return thread;
  }

  @Override
  public String toString() {
    return "unserializable " + name;
  }
}
