package dev.holdfast.preflight;

import dev.holdfast.codec.ClassAllowList;
import dev.holdfast.codec.StorableClasses;
import dev.holdfast.codec.StorableClasses.Refusal;
import dev.holdfast.codec.StorableClasses.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Type;

/**
 * Judges what the code puts into sessions, by the codec's own rules: without a key, and with one.
 */
final class AttributeVerdicts {
  private static final int SHOWN = 12;
  private static final String LAMBDA =
      "it is a lambda that is not Serializable, which another JVM does not have. Use a named class, or"
          + " cast the lambda to an interface that is Serializable.";

  private static final String OF_CONTAINER =
      "it belongs to the container, to one request or one server. Keep in the session what you need"
          + " of it.";

  private final Application app;
  private final WarLoader loader;
  private final StorableClasses withoutKey;
  private final StorableClasses withKey;
  private final List<Finding> findings = new ArrayList<>();

  /** Attributes that nothing is in the way of, with their classes. */
  private final Set<String> kept = new LinkedHashSet<>();

  private final Set<String> unknown = new LinkedHashSet<>();

  /** Where each refusal was met, so that one class is reported once. */
  private final Map<String, Set<String>> places = new LinkedHashMap<>();

  private final Map<String, Problem> problems = new LinkedHashMap<>();
  private final Set<String> toAllow = new TreeSet<>();

  /**
   * @param certain whether the value is of the class, and not only declared so
   * @param framework whether a library sets it, maybe in a part that the application does not use
   */
  private record Problem(Refusal refusal, boolean certain, String type, boolean framework) {}

  AttributeVerdicts(Application app) {
    this.app = app;
    this.loader = new WarLoader(app.war(), app.classes());
    Set<String> plain = names("codec.plain");
    this.withoutKey =
        new StorableClasses(new ClassAllowList(loader, loader, names("codec.allow")), plain);
    this.withKey = new StorableClasses(ClassAllowList.everything(loader), plain);
  }

  private Set<String> names(String setting) {
    return Stream.of(app.settings().getOrDefault(setting, "").split(","))
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** Class names for {@code codec.allow}, for what needs it where there is no key. */
  List<String> toAllow() {
    return List.copyOf(toAllow);
  }

  List<Finding> judge(List<StoredAttribute> attributes) {
    for (StoredAttribute attribute : attributes) {
      boolean framework = !attribute.setter().own();
      if (framework && Libraries.isCovered(attribute.setter().name())) {
        continue;
      }
      String label =
          (attribute.name() == null ? "a name made at run time" : attribute.name())
              + " (set in "
              + attribute.where()
              + ")";
      if (attribute.kinds().isEmpty() && !framework) {
        unknown.add(label);
      }
      for (FlowValue.Kind kind : attribute.kinds()) {
        judge(label, kind, framework);
      }
    }
    app.beans().forEach((bean, type) -> judgeNamed(bean + " (<jsp:useBean>)", type));
    report();
    return findings;
  }

  private void judge(String label, FlowValue.Kind kind, boolean framework) {
    String name = kind.type().getClassName();
    switch (kind.how()) {
      case LAMBDA -> problem(label, new Refusal("", name, LAMBDA, false), true, name, framework);
      case SESSION_MAP -> unknown.add(label);
      case EXACT, DECLARED -> {
        Class<?> type;
        try {
          type = load(kind.type());
        } catch (ClassNotFoundException | LinkageError e) {
          unknown.add(label);
          return;
        }
        judge(label, type, kind.how() == FlowValue.How.DECLARED, framework);
      }
    }
  }

  private void judgeNamed(String label, String name) {
    try {
      judge(label, Class.forName(name, false, loader), false, false);
    } catch (ClassNotFoundException | LinkageError e) {
      unknown.add(label);
    }
  }

  private Class<?> load(Type type) throws ClassNotFoundException {
    String name =
        type.getSort() == Type.ARRAY ? type.getDescriptor().replace('/', '.') : type.getClassName();
    return Class.forName(name, false, loader);
  }

  private void judge(String label, Class<?> type, boolean declared, boolean framework) {
    String typeName = Type.getType(type).getClassName();
    if (isOfContainer(type)) {
      problem(
          label, new Refusal("", typeName, OF_CONTAINER, false), !declared, typeName, framework);
      return;
    }
    @Nullable Verdict strict;
    try {
      strict =
          loader.isUnknown(type)
              ? null
              : declared ? withoutKey.ofDeclared(type) : withoutKey.of(type);
    } catch (LinkageError | TypeNotPresentException e) {
      strict = null;
    }
    if (strict == null) {
      if (!framework) {
        unknown.add(label + ": " + typeName);
      }
      return;
    }
    Refusal itself = strict.itself();
    if (itself != null) {
      problem(label, itself, !declared, typeName, framework);
      return;
    }
    for (Refusal inside : strict.inside()) {
      if (!isStandIn(inside.className())) {
        problem(label, inside, false, typeName, framework);
      }
    }
    if (strict.isClear() && !framework) {
      kept.add(label.replaceFirst(" \\(.*", "") + ": " + typeName);
    }
  }

  /** Whether it is a request, a context or their like; the API is not in the WAR. */
  private boolean isOfContainer(Class<?> type) {
    String name = type.getName();
    return loader.isStandIn(type)
        && WarLoader.isOfServlets(type)
        && !name.endsWith(".Cookie")
        && !name.endsWith("Exception");
  }

  private boolean isStandIn(String className) {
    try {
      return loader.isUnknown(Class.forName(className, false, loader));
    } catch (ClassNotFoundException | LinkageError e) {
      return true;
    }
  }

  private void problem(
      String label, Refusal refusal, boolean certain, String type, boolean framework) {
    String key = type + "|" + refusal.path() + "|" + refusal.className();
    places.computeIfAbsent(key, none -> new LinkedHashSet<>()).add(label);
    problems.putIfAbsent(key, new Problem(refusal, certain, type, framework));
  }

  private void report() {
    problems.forEach((key, problem) -> report(problem, shown(places.getOrDefault(key, Set.of()))));
    if (!kept.isEmpty()) {
      findings.add(Finding.ok("attributes", kept.size() + " can be kept: " + shown(kept)));
    }
    if (!unknown.isEmpty()) {
      findings.add(
          Finding.note(
              "attributes",
              "of "
                  + unknown.size()
                  + " the code does not tell which class the value has: "
                  + shown(unknown),
              "Values of your own Serializable classes, plain data and the collections of the JDK"
                  + " are kept. What is not kept stays on its node, and the log names it."));
    }
  }

  private void report(Problem problem, String where) {
    Refusal refusal = problem.refusal();
    boolean keyHelps = refusal.listed() && keyHelps(refusal.className());
    if (keyHelps && !problem.framework() && ClassAllowList.canBeNamed(refusal.className())) {
      toAllow.add(refusal.className());
    }
    String holds =
        refusal.path().isEmpty()
            ? ""
            : "leads to " + refusal.className() + " by " + refusal.path() + "; if that is set, ";
    String fate =
        app.webXml().distributable()
            ? "setAttribute refuses it, since web.xml is <distributable/>"
            : "the attribute stays on its node and is lost with it";
    String meaning =
        (problem.framework() ? "if this part of its library is used: " : "")
            + where
            + ": "
            + holds
            + (keyHelps ? "without a key " : "")
            + fate
            + "."
            + (keyHelps ? "" : " " + sentence(refusal.reason()))
            + (problem.certain() || !refusal.path().isEmpty()
                ? ""
                : " This is the declared type; that of the value decides.");
    String remedy =
        keyHelps
            ? ClassAllowList.remedies(refusal.className())
            : "Or send each user to one node, and say that it may stay: attributes.local.";
    findings.add(
        problem.framework()
            ? Finding.note(problem.type(), meaning, remedy)
            : Finding.warning(problem.type(), meaning, remedy));
  }

  private static String sentence(String reason) {
    return reason.substring(0, 1).toUpperCase(Locale.ROOT) + reason.substring(1);
  }

  private boolean keyHelps(String className) {
    try {
      Class<?> type = Class.forName(className, false, loader);
      return withKey.of(type).itself() == null;
    } catch (ClassNotFoundException | LinkageError | TypeNotPresentException e) {
      return false;
    }
  }

  private static String shown(Set<String> all) {
    String[] some = all.stream().limit(SHOWN).toArray(String[]::new);
    String text = Arrays.stream(some).collect(Collectors.joining("; "));
    return all.size() > SHOWN ? text + "; and " + (all.size() - SHOWN) + " more" : text;
  }
}
