package dev.holdfast.container.servers;

/** WAR on {@link PayaraMicro}. */
class PayaraMicroIT extends ServerContract {
  PayaraMicroIT() {
    super(new PayaraMicro());
  }

  @Override
  String originOfListeners() {
    return "the instances of GlassFish";
  }
}
