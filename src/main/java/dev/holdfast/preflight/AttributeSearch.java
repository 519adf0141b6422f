package dev.holdfast.preflight;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.analysis.Analyzer;
import org.objectweb.asm.tree.analysis.AnalyzerException;
import org.objectweb.asm.tree.analysis.BasicValue;
import org.objectweb.asm.tree.analysis.Frame;

/**
 * Finds where the code of a WAR sets attributes of a session, and with what, by following the types
 * through each method.
 *
 * <p>A method of the application that only passes a parameter on ({@code void put(HttpSession s,
 * Object value)}) is followed to its callers, up to {@value #ROUNDS} calls deep.
 */
final class AttributeSearch {
  private static final int ROUNDS = 3;
  private static final String SCOPED = "(Ljava/lang/String;Ljava/lang/Object;I)V";
  private static final String PLAIN = "(Ljava/lang/String;Ljava/lang/Object;)V";

  private final WarClasses classes;
  private final Consumer<Finding> troubles;
  private final List<StoredAttribute> found = new ArrayList<>();

  /** Methods whose callers are looked for in this round; empty in the first. */
  private Map<String, Setter> setters = new HashMap<>();

  /** Those of which a caller was seen. */
  private final Set<String> called = new HashSet<>();

  /**
   * Which arguments of a call are name and value; the receiver, if any, is number 0.
   *
   * @param name the attribute's, when it is none of the arguments
   * @param itself what to report when nobody calls it; null for the methods of an API
   */
  private record Setter(
      int nameAt, int valueAt, @Nullable String name, @Nullable StoredAttribute itself) {
    Setter(int nameAt, int valueAt) {
      this(nameAt, valueAt, null, null);
    }
  }

  AttributeSearch(WarClasses classes, Consumer<Finding> troubles) {
    this.classes = classes;
    this.troubles = troubles;
  }

  /** All places, in the order of the classes. */
  List<StoredAttribute> find() {
    Map<String, Setter> passing = new HashMap<>();
    for (WarClass type : classes.all()) {
      if (type.has(WarClass.Trait.SETS_ATTRIBUTES)) {
        search(type, passing);
      }
    }
    for (int round = 0; round < ROUNDS && !passing.isEmpty(); round++) {
      setters = passing;
      passing = new HashMap<>();
      called.clear();
      for (WarClass type : classes.all()) {
        if (type.own()) {
          search(type, passing);
        }
      }
      addUncalled();
    }
    setters = passing;
    called.clear();
    addUncalled();
    return found;
  }

  /** What nobody in the WAR calls may be called by a framework. */
  private void addUncalled() {
    setters.forEach(
        (method, setter) -> {
          if (setter.itself != null && !called.contains(method)) {
            found.add(setter.itself);
          }
        });
  }

  private void search(WarClass type, Map<String, Setter> passing) {
    byte[] bytes = type.bytes();
    if (bytes == null) {
      return;
    }
    ClassNode node = new ClassNode();
    try {
      new ClassReader(bytes).accept(node, ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
      for (MethodNode method : node.methods) {
        if (calls(method)) {
          search(type, method, passing);
        }
      }
    } catch (AnalyzerException | RuntimeException e) {
      troubles.accept(
          Finding.note(
              type.place() + "/" + type.name() + ".class",
              "its code cannot be followed, so which attributes it sets is not known: " + e,
              "Look at what it puts into the session."));
    }
  }

  private boolean calls(MethodNode method) {
    for (AbstractInsnNode insn : method.instructions) {
      if (insn instanceof MethodInsnNode call && (setters.containsKey(key(call)) || known(call))) {
        return true;
      }
    }
    return false;
  }

  private static String key(MethodInsnNode call) {
    return call.owner + "." + call.name + call.desc;
  }

  /** Whether a call may set an attribute; its arguments decide. */
  private boolean known(MethodInsnNode call) {
    return setters.isEmpty() && (direct(call) != null || isMapPut(call));
  }

  private static boolean isMapPut(MethodInsnNode call) {
    return call.name.equals("put")
        && call.desc.equals("(Ljava/lang/Object;Ljava/lang/Object;)Ljava/lang/Object;");
  }

  private static @Nullable Setter direct(MethodInsnNode call) {
    boolean session = call.owner.endsWith("servlet/http/HttpSession") && call.desc.equals(PLAIN);
    if (session && (call.name.equals("setAttribute") || call.name.equals("putValue"))) {
      return new Setter(1, 2);
    }
    if (call.owner.endsWith("springframework/web/util/WebUtils")
        && call.name.equals("setSessionAttribute")) {
      return new Setter(1, 2);
    }
    boolean scoped = call.name.equals("setAttribute") && call.desc.equals(SCOPED);
    return scoped && scopeOfSession(call.owner) >= 0 ? new Setter(1, 2) : null;
  }

  /** The number that means the session, for the types whose setAttribute takes a scope. */
  private static int scopeOfSession(String owner) {
    if (owner.endsWith("servlet/jsp/PageContext") || owner.endsWith("servlet/jsp/JspContext")) {
      return 3;
    }
    return owner.startsWith("org/springframework/web/context/request/")
            && owner.endsWith("RequestAttributes")
        ? 1
        : -1;
  }

  private void search(WarClass type, MethodNode method, Map<String, Setter> passing)
      throws AnalyzerException {
    Frame<BasicValue>[] frames = new Analyzer<>(new FlowInterpreter()).analyze(type.name(), method);
    for (int i = 0; i < frames.length; i++) {
      AbstractInsnNode insn = method.instructions.get(i);
      if (frames[i] != null && insn instanceof MethodInsnNode call) {
        BasicValue[] arguments = arguments(frames[i], call);
        Setter setter = setter(call, arguments);
        if (setter != null) {
          called.add(key(call));
          note(type, method, setter, arguments, passing);
        }
      }
    }
  }

  private @Nullable Setter setter(MethodInsnNode call, BasicValue[] arguments) {
    if (!setters.isEmpty()) {
      return setters.get(key(call));
    }
    if (isMapPut(call)) {
      return arguments[0] instanceof FlowValue map && map.isSessionMap() ? new Setter(1, 2) : null;
    }
    Setter direct = direct(call);
    boolean scoped = direct != null && call.desc.equals(SCOPED);
    return scoped && !isScope(arguments[3], scopeOfSession(call.owner)) ? null : direct;
  }

  private static boolean isScope(BasicValue argument, int scope) {
    return argument instanceof FlowValue value && Integer.valueOf(scope).equals(value.constant);
  }

  private static BasicValue[] arguments(Frame<BasicValue> frame, MethodInsnNode call) {
    int count = Type.getArgumentTypes(call.desc).length;
    if (call.getOpcode() != Opcodes.INVOKESTATIC) {
      count++;
    }
    BasicValue[] arguments = new BasicValue[count];
    for (int i = 0; i < count; i++) {
      arguments[i] = frame.getStack(frame.getStackSize() - count + i);
    }
    return arguments;
  }

  private void note(
      WarClass type,
      MethodNode method,
      Setter setter,
      BasicValue[] arguments,
      Map<String, Setter> passing) {
    FlowValue name =
        setter.nameAt >= 0 && arguments[setter.nameAt] instanceof FlowValue value ? value : null;
    FlowValue value = arguments[setter.valueAt] instanceof FlowValue flow ? flow : null;
    String constant = name != null && name.constant instanceof String text ? text : setter.name;
    Set<FlowValue.Kind> kinds = value == null ? Set.of() : value.kinds;
    StoredAttribute itself =
        new StoredAttribute(constant, kinds, type.dotted() + "." + method.name, type);
    if (value == null || value.parameter < 0 || !type.own() || !saysNothing(kinds)) {
      found.add(itself);
      return;
    }
    int nameFrom = name == null ? -1 : name.parameter;
    passing.put(
        type.name() + "." + method.name + method.desc,
        new Setter(
            nameFrom >= 0 ? argumentAt(method, nameFrom) : -1,
            argumentAt(method, value.parameter),
            constant,
            itself));
  }

  private static boolean saysNothing(Set<FlowValue.Kind> kinds) {
    return kinds.stream()
        .map(kind -> kind.type().getClassName())
        .allMatch(name -> name.equals("java.lang.Object") || name.equals("java.io.Serializable"));
  }

  /** Which argument of a call arrives in a local variable: long and double take two of these. */
  private static int argumentAt(MethodNode method, int local) {
    int at = 0;
    int next = 0;
    if ((method.access & Opcodes.ACC_STATIC) == 0) {
      at = 1;
      next = 1;
    }
    for (Type type : Type.getArgumentTypes(method.desc)) {
      if (next == local) {
        return at;
      }
      at++;
      next += type.getSize();
    }
    return 0;
  }
}
