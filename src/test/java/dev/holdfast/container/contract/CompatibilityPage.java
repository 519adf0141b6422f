package dev.holdfast.container.contract;

import dev.holdfast.container.Container;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What the clauses say of the containers' own sessions, for people. */
final class CompatibilityPage {

  private static final List<Class<?>> AREAS =
      List.of(
          LifeCycleContractIT.class,
          IdContractIT.class,
          AttributeContractIT.class,
          TimeOutContractIT.class,
          DispatchContractIT.class,
          CommitContractIT.class,
          CookieContractIT.class,
          UrlTrackingContractIT.class,
          Servlet61ContractIT.class);

  /** Tests: FormLoginIT, FormFailoverIT and FormEndsIT. */
  private static final String FORM =
      """

      ## FORM login

      The container keeps a FORM user in a session of its own, which Holdfast ties to its own: they live and die together.

      | What | Tomcat 9, 10.1 and 11, Jetty 12.0 ee10, Jetty 12.1 ee11 and ee8 | Any other container |
      |---|---|---|
      | The user on pages without a constraint | on every node | on every node |
      | The user on pages under a `<security-constraint>` | on every node | on the node of the login; another one asks for the password again |
      | The end, by `invalidate()`, `logout()`, `Sessions` or time | on every node | on every node |
      | The login page, its post to `j_security_check` and the request saved for afterwards | the same node | the same node |
      | Redis is away, page under a constraint | 503, no login page | 503 for a user of that node, else the login page |
      | Ids in the URL only (`<tracking-mode>URL`) | FORM lets nobody in; `request.login()` holds for all pages | FORM lets nobody in; `request.login()` holds for open pages |

      A page under a constraint asks Redis before the container's authenticator does and not again behind it: one wait, a second
      one when an access is to be noted, at most once per `touch.interval`.
      """;

  /** What the tests in container/servers show, one class for each column. */
  private static final String SERVERS =
      """

      ## Application servers

      One WAR with listeners, a login, an error page and CDI, on two nodes of each server; `mvn -Pfull verify` runs it.

      | | WildFly 39 | Open Liberty 26 | Payara Micro 6 | TomEE 10.0.0-M2 |
      |---|---|---|---|---|
      | Session, attributes and new id on both nodes; error page | yes | yes | yes | yes |
      | Session listeners, the server's own instances | yes | yes | yes | yes |
      | `login()` and roles on both nodes | yes | yes | yes | yes |
      | `invalidate()` ends the server's login too | yes | yes | yes | yes |
      | `BASIC` login | yes | yes | yes | yes |
      | `@SessionScoped` beans on both nodes | yes | no; the start-up report warns | yes | no; the start-up report warns |
      | A wrong setting: nothing is served | yes | yes | yes | yes |
      | A node is killed, the other goes on | yes | yes | yes | yes |
      | Undeployment and stop leave no complaint | yes | yes | yes | yes |
      """;

  private CompatibilityPage() {}

  static String markdown() {
    StringBuilder page =
        new StringBuilder(
            """
            # Compatibility

            Holdfast holds every clause below in %s;
            those of Servlet 6.1 in the two that have it. A test runs each of them, `mvn -Pfull verify`
            in all six. The same clauses run against the containers' own sessions; where those
            differ, an application that moves to Holdfast will see the difference.
            """
                .formatted(titles(Container.values())));
    for (Class<?> area : AREAS) {
      List<Method> clauses = clauses(area);
      page.append("\n## ").append(area.getAnnotation(Area.class).value()).append("\n\n");
      page.append(clauses.size()).append(" clauses");
      List<String> rows = clauses.stream().flatMap(clause -> rows(clause).stream()).toList();
      if (rows.isEmpty()) {
        page.append("; the containers hold them all.\n");
      } else {
        page.append(".\n\n| With Holdfast | Container | Without it |\n|---|---|---|\n");
        rows.forEach(page::append);
      }
    }
    return page.append(FORM).append(SERVERS).toString();
  }

  private static List<Method> clauses(Class<?> area) {
    return Arrays.stream(area.getDeclaredMethods())
        .filter(method -> method.isAnnotationPresent(Clause.class))
        .sorted(Comparator.comparing(Method::getName))
        .toList();
  }

  private static List<String> rows(Method clause) {
    return Arrays.stream(clause.getAnnotationsByType(Differs.class))
        .map(
            differs ->
                "| %s | %s | %s |%n"
                    .formatted(sentence(clause.getName()), titles(differs.on()), differs.because()))
        .toList();
  }

  private static String titles(Container[] containers) {
    return Arrays.stream(containers).map(Container::title).collect(Collectors.joining(", "));
  }

  private static String sentence(String name) {
    String words = name.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
    return Character.toUpperCase(words.charAt(0)) + words.substring(1);
  }
}
