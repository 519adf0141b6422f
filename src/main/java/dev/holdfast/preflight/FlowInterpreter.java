package dev.holdfast.preflight;

import dev.holdfast.preflight.FlowValue.How;
import dev.holdfast.preflight.FlowValue.Kind;
import java.lang.invoke.LambdaMetafactory;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.IntInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MultiANewArrayInsnNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.analysis.AnalyzerException;
import org.objectweb.asm.tree.analysis.BasicInterpreter;
import org.objectweb.asm.tree.analysis.BasicValue;

/** Follows types and constants through the code of one method. */
final class FlowInterpreter extends BasicInterpreter {
  private static final Type STRING = Type.getType(String.class);
  private static final String LAMBDAS = Type.getInternalName(LambdaMetafactory.class);

  FlowInterpreter() {
    super(Opcodes.ASM9);
  }

  @Override
  public @Nullable BasicValue newValue(@Nullable Type type) {
    if (type == null) {
      return BasicValue.UNINITIALIZED_VALUE;
    }
    return switch (type.getSort()) {
      case Type.VOID -> null;
      case Type.OBJECT, Type.ARRAY -> FlowValue.declared(type);
      case Type.LONG, Type.FLOAT, Type.DOUBLE -> super.newValue(type);
      default -> super.newValue(Type.INT_TYPE);
    };
  }

  @Override
  public BasicValue newParameterValue(boolean isInstance, int local, Type type) {
    return isReference(type)
        ? new FlowValue(
            Type.getObjectType("java/lang/Object"),
            Set.of(new Kind(type, How.DECLARED)),
            null,
            local)
        : required(newValue(type));
  }

  private static boolean isReference(Type type) {
    return type.getSort() == Type.OBJECT || type.getSort() == Type.ARRAY;
  }

  private static BasicValue required(@Nullable BasicValue value) {
    return value == null ? BasicValue.UNINITIALIZED_VALUE : value;
  }

  @Override
  public BasicValue newOperation(AbstractInsnNode insn) throws AnalyzerException {
    int opcode = insn.getOpcode();
    if (opcode == Opcodes.ACONST_NULL) {
      return new FlowValue(Type.getObjectType("java/lang/Object"), Set.of(), null, -1);
    }
    if (opcode >= Opcodes.ICONST_M1 && opcode <= Opcodes.ICONST_5) {
      return number(opcode - Opcodes.ICONST_0);
    }
    if (insn instanceof IntInsnNode push) {
      return number(push.operand);
    }
    if (insn instanceof LdcInsnNode load) {
      if (load.cst instanceof String text) {
        return new FlowValue(
            Type.getObjectType("java/lang/Object"), Set.of(new Kind(STRING, How.EXACT)), text, -1);
      }
      if (load.cst instanceof Type) {
        return FlowValue.exact(Type.getType(Class.class));
      }
    }
    if (insn instanceof TypeInsnNode make && opcode == Opcodes.NEW) {
      return FlowValue.exact(Type.getObjectType(make.desc));
    }
    if (insn instanceof FieldInsnNode field) {
      return required(newValue(Type.getType(field.desc)));
    }
    return super.newOperation(insn);
  }

  private static FlowValue number(int value) {
    return new FlowValue(Type.INT_TYPE, Set.of(), value, -1);
  }

  @Override
  public @Nullable BasicValue unaryOperation(AbstractInsnNode insn, BasicValue value)
      throws AnalyzerException {
    return switch (insn.getOpcode()) {
      case Opcodes.CHECKCAST -> cast(value, Type.getObjectType(((TypeInsnNode) insn).desc));
      case Opcodes.GETFIELD -> newValue(Type.getType(((FieldInsnNode) insn).desc));
      case Opcodes.ANEWARRAY ->
          FlowValue.exact(arrayOf(Type.getObjectType(((TypeInsnNode) insn).desc)));
      case Opcodes.NEWARRAY -> FlowValue.exact(arrayOf(primitive(((IntInsnNode) insn).operand)));
      default -> super.unaryOperation(insn, value);
    };
  }

  /** What was made here stays what it is; of anything else the cast knows more. */
  private static BasicValue cast(BasicValue value, Type type) {
    if (!(value instanceof FlowValue flow)) {
      return FlowValue.declared(type);
    }
    if (flow.kinds.isEmpty()) {
      return flow;
    }
    Set<Kind> kinds = new HashSet<>();
    for (Kind kind : flow.kinds) {
      kinds.add(kind.how() == How.DECLARED ? new Kind(type, How.DECLARED) : kind);
    }
    return new FlowValue(
        Type.getObjectType("java/lang/Object"), kinds, flow.constant, flow.parameter);
  }

  private static Type arrayOf(Type element) {
    return Type.getType("[" + element.getDescriptor());
  }

  private static Type primitive(int operand) {
    return switch (operand) {
      case Opcodes.T_BOOLEAN -> Type.BOOLEAN_TYPE;
      case Opcodes.T_CHAR -> Type.CHAR_TYPE;
      case Opcodes.T_FLOAT -> Type.FLOAT_TYPE;
      case Opcodes.T_DOUBLE -> Type.DOUBLE_TYPE;
      case Opcodes.T_BYTE -> Type.BYTE_TYPE;
      case Opcodes.T_SHORT -> Type.SHORT_TYPE;
      case Opcodes.T_LONG -> Type.LONG_TYPE;
      default -> Type.INT_TYPE;
    };
  }

  @Override
  public @Nullable BasicValue binaryOperation(
      AbstractInsnNode insn, BasicValue first, BasicValue second) throws AnalyzerException {
    if (insn.getOpcode() == Opcodes.AALOAD && first instanceof FlowValue array) {
      for (Kind kind : array.kinds) {
        if (kind.type().getSort() == Type.ARRAY) {
          return FlowValue.declared(Type.getType(kind.type().getDescriptor().substring(1)));
        }
      }
      return FlowValue.declared(Type.getType(Object.class));
    }
    return super.binaryOperation(insn, first, second);
  }

  @Override
  public @Nullable BasicValue naryOperation(
      AbstractInsnNode insn, List<? extends BasicValue> values) throws AnalyzerException {
    if (insn instanceof MultiANewArrayInsnNode make) {
      return FlowValue.exact(Type.getType(make.desc));
    }
    if (insn instanceof InvokeDynamicInsnNode dynamic) {
      return dynamic(dynamic);
    }
    MethodInsnNode call = (MethodInsnNode) insn;
    Type made = Type.getReturnType(call.desc);
    if (isSessionMap(call)) {
      return FlowValue.of(made, How.SESSION_MAP);
    }
    return newValue(made);
  }

  /** JSF's and Struts' view of the session. */
  private static boolean isSessionMap(MethodInsnNode call) {
    return call.name.equals("getSessionMap")
        || (call.name.equals("getSession")
            && call.owner.endsWith("/ActionContext")
            && call.desc.equals("()Ljava/util/Map;"));
  }

  private @Nullable BasicValue dynamic(InvokeDynamicInsnNode call) {
    Type made = Type.getReturnType(call.desc);
    Handle maker = call.bsm;
    if (maker.getOwner().equals(LAMBDAS)) {
      boolean serializable =
          maker.getName().equals("altMetafactory")
              && call.bsmArgs.length > 3
              && call.bsmArgs[3] instanceof Integer flags
              && (flags & LambdaMetafactory.FLAG_SERIALIZABLE) != 0;
      return serializable ? FlowValue.declared(made) : FlowValue.of(made, How.LAMBDA);
    }
    return made.equals(STRING) ? FlowValue.exact(STRING) : newValue(made);
  }

  @Override
  public BasicValue merge(BasicValue first, BasicValue second) {
    if (first.equals(second)) {
      return first;
    }
    if (first instanceof FlowValue one && second instanceof FlowValue other) {
      return one.merge(other);
    }
    return Type.INT_TYPE.equals(first.getType()) && Type.INT_TYPE.equals(second.getType())
        ? BasicValue.INT_VALUE
        : BasicValue.UNINITIALIZED_VALUE;
  }
}
