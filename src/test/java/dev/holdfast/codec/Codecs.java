package dev.holdfast.codec;

import java.util.Set;

/** Codecs for tests: what Maven compiled for the tests counts as the application. */
final class Codecs {
  static final long MAX_BYTES = 1024 * 1024;

  private Codecs() {}

  static AttributeCodec ofTests() {
    return of(Codecs.class.getClassLoader());
  }

  static AttributeCodec of(ClassLoader loader) {
    return new AttributeCodec(allowing(loader), MAX_BYTES);
  }

  static ClassAllowList allowing(ClassLoader loader, String... additions) {
    return new ClassAllowList(
        loader,
        new ClassesByLocation(
            loader,
            url ->
                url.toString().contains("/test-classes/")
                    && !url.toString().contains("/forbidden/"),
            url -> false),
        Set.of(additions));
  }

  @SuppressWarnings("unchecked")
  static <T> T roundTrip(AttributeCodec codec, T value) {
    return (T) codec.decode(codec.encode(value));
  }
}
