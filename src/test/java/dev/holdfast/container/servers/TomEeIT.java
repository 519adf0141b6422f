package dev.holdfast.container.servers;

/** WAR on {@link TomEe}. */
class TomEeIT extends ServerContract {
  TomEeIT() {
    super(new TomEe());
  }

  @Override
  String originOfListeners() {
    return "the instances of Tomcat";
  }

  @Override
  boolean beansMove() {
    return false;
  }
}
