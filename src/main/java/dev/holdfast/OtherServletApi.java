package dev.holdfast;

import org.jspecify.annotations.Nullable;

/**
 * What becomes of this jar on a server with the other Servlet API. No such server looks at {@link
 * HoldfastInitializer}, so that the sessions would stay where they are, without a word. But each of
 * our jars names an initializer for the other API too: {@link InitializerOnJavax}, or in the javax
 * jar {@link InitializerOnJakarta}, which stops the deployment and says which jar to take.
 *
 * <p>Apache's migration tool turns a WAR that has our jar into one of the other API. In a jar that
 * it has been through, both initializers are of the same API and one of them is called, whichever
 * file of the two comes last. So it calls the right one where that can be loaded.
 */
final class OtherServletApi {
  private OtherServletApi() {}

  /** A {@link HoldfastInitializer}; null where its API is not that of the server. */
  static @Nullable Object initializer() {
    try {
      return Class.forName("dev.holdfast.HoldfastInitializer").getConstructor().newInstance();
    } catch (ReflectiveOperationException | LinkageError e) {
      return null;
    }
  }

  /**
   * What to do about it.
   *
   * @param server the API of the server
   * @param jar the API of this jar
   * @param name how the right jar's name ends
   */
  static String message(String server, String jar, String name) {
    return "Holdfast cannot start: this server has "
        + server
        + ".servlet, and the application has the jar of Holdfast for "
        + jar
        + ".servlet. Put holdfast-<version>-"
        + name
        + ".jar into WEB-INF/lib in its place.";
  }
}
