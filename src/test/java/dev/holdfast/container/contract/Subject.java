package dev.holdfast.container.contract;

import dev.holdfast.container.Browser;
import dev.holdfast.container.Container;
import dev.holdfast.container.ContainerNode;
import java.util.List;
import java.util.stream.Stream;

/**
 * Whose sessions are held against the contract.
 *
 * @param ours true for Holdfast, false for the container's own
 */
record Subject(Container container, boolean ours) {

  /** All of this run. */
  static List<Subject> all() {
    return Container.underTest().stream()
        .flatMap(
            container -> Stream.of(new Subject(container, true), new Subject(container, false)))
        .toList();
  }

  /** All whose container has Servlet 6.1. */
  static List<Subject> withServlet61() {
    return all().stream().filter(subject -> subject.container().isServlet61()).toList();
  }

  /** A new browser at the application that every area uses. */
  Browser browser() {
    return servers().one().browser(path());
  }

  /** A new browser at the application whose web.xml configures cookie, tracking and time-out. */
  Browser browserOfConfigured() {
    return servers().one().browser(pathOfConfigured());
  }

  String path() {
    return ours ? "/ours" : "/theirs";
  }

  String pathOfConfigured() {
    return path() + "-configured";
  }

  /** Where the next request of the same user may go: another node; the same one for a container. */
  ContainerNode elsewhere() {
    return ours ? servers().two() : servers().one();
  }

  Servers servers() {
    return Servers.of(container);
  }

  @Override
  public String toString() {
    return ours ? "Holdfast in " + container.title() : container.title() + " itself";
  }
}
