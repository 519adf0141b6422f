package dev.holdfast.codec.testing;

/** Its no-argument constructor may be called in this package only. */
public class OtherPackageBase {

  OtherPackageBase() {}

  /** Makes one with a number, from anywhere. */
  public OtherPackageBase(int number) {
    this();
  }
}
