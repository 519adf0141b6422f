package dev.holdfast.container.app;

/** A bean with a field for anything, and not Serializable. */
public final class Parcel {

  private Object content;

  public Parcel() {}

  public Parcel(Object content) {
    this.content = content;
  }

  @Override
  public String toString() {
    return "parcel of " + content;
  }
}
