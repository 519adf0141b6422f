package dev.holdfast.container.servers;

import java.util.ArrayList;
import java.util.List;

/** WAR on {@link TomEe}. */
class TomEeIT extends ServerContract {
  TomEeIT() {
    super(new TomEe());
  }

  @Override
  String originOfListeners() {
    return "the instances of Tomcat";
  }

  /** OpenWebBeans puts its context into the new session, which is an attribute more. */
  @Override
  List<String> expectedEvents() {
    List<String> events = new ArrayList<>(super.expectedEvents());
    events.addAll(
        List.of("added: declared", "added: of context, too", "added: annotated", "added: added"));
    return events;
  }

  @Override
  boolean beansMove() {
    return false;
  }
}
