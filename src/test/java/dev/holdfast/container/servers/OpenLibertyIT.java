package dev.holdfast.container.servers;

/** WAR on {@link OpenLiberty}. */
class OpenLibertyIT extends ServerContract {
  OpenLibertyIT() {
    super(new OpenLiberty());
  }

  @Override
  String originOfListeners() {
    return "the instances of Liberty";
  }

  @Override
  boolean beansMove() {
    return false;
  }
}
