package dev.holdfast.container.servers;

/** WAR on {@link WildFly}. */
class WildFlyIT extends ServerContract {
  WildFlyIT() {
    super(new WildFly());
  }

  @Override
  String originOfListeners() {
    return "the instances of Undertow";
  }
}
