package dev.holdfast.container;

import java.util.Set;

/**
 * A {@code <filter>} of a web.xml, as written.
 *
 * @param className its class
 * @param initParams names of its init-params
 */
public record DeclaredFilter(String className, Set<String> initParams) {
  public DeclaredFilter {
    initParams = Set.copyOf(initParams);
  }
}
