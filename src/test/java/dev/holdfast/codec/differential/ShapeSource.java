package dev.holdfast.codec.differential;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Writes the Java source of random classes, each with a factory {@code static Object make(int n,
 * Object a, Object b)}. A class may extend an earlier one, so hierarchies mix Serializable and
 * other bases, constructors of every visibility, hooks of every kind and methods that only look
 * like hooks.
 */
final class ShapeSource {
  private static final String[] COLLECTIONS = {
    "ArrayList",
    "LinkedList",
    "Vector",
    "ArrayDeque",
    "HashSet",
    "LinkedHashSet",
    "TreeSet",
    "PriorityQueue",
    "HashMap",
    "LinkedHashMap",
    "TreeMap",
    "Hashtable",
    "IdentityHashMap",
    "concurrent.ConcurrentHashMap",
    "concurrent.CopyOnWriteArrayList"
  };

  private static final String[] ANNOTATIONS = {
    "@net.jcip.annotations.Immutable ",
    "@javax.annotation.concurrent.Immutable ",
    "@org.hibernate.annotations.Immutable ",
    "@shapes.Immutable "
  };

  /** Annotations of that name, as libraries ship them, and one of somebody's own. */
  private static final Map<String, String> FIXED =
      Map.of(
          "net.jcip.annotations.Immutable", annotation("net.jcip.annotations"),
          "javax.annotation.concurrent.Immutable", annotation("javax.annotation.concurrent"),
          "shapes.Immutable", annotation("shapes"));

  /** A class that later ones may extend. */
  private record Base(
      String name,
      boolean serializable,
      boolean hasNumber,
      boolean comparable,
      boolean hooksClash) {}

  private final Random random;
  private final List<Base> bases = new ArrayList<>();
  private final Map<String, String> sources = new LinkedHashMap<>(FIXED);
  private final StringBuilder out = new StringBuilder();

  private ShapeSource(Random random) {
    this.random = random;
  }

  /** Sources by full class name; those in the package {@code shapes} named S and a number. */
  static Map<String, String> generate(Random random, int count) {
    ShapeSource source = new ShapeSource(random);
    for (int i = 0; i < count; i++) {
      source.add("S" + i);
    }
    return source.sources;
  }

  private static String annotation(String packageName) {
    return "package "
        + packageName
        + ";\n@java.lang.annotation.Retention(java.lang.annotation.RetentionPolicy.RUNTIME)\n"
        + "public @interface Immutable {}\n";
  }

  private void add(String name) {
    out.setLength(0);
    line("package shapes;");
    line("import java.io.*;");
    line("import java.util.*;");
    line("import java.util.function.*;");
    line("import dev.holdfast.codec.differential.*;");
    int kind = random.nextInt(100);
    if (kind < 56) {
      addClass(name);
    } else if (kind < 64) {
      addRecord(name);
    } else if (kind < 68) {
      addEnum(name);
    } else if (kind < 76) {
      addCollection(name);
    } else if (kind < 80) {
      addException(name);
    } else if (kind < 86) {
      addInner(name);
    } else if (kind < 91) {
      addFunctions(name);
    } else if (kind < 94) {
      addProxy(name);
    } else {
      addExternalizable(name);
    }
    sources.put("shapes." + name, out.toString());
  }

  private void line(String text) {
    out.append(text).append('\n');
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  private String pick(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  // Classes

  private record Member(String type, String name, String modifiers, String initialiser) {
    boolean isFinal() {
      return modifiers.contains("final");
    }

    boolean isStored() {
      return !modifiers.contains("transient");
    }

    String assigned() {
      return switch (type) {
        case "int" -> "n";
        case "long" -> "n * 10_000_000_000L";
        case "double" -> "n / 3.0";
        case "float" -> "n / 3f";
        case "boolean" -> "n % 2 == 0";
        case "char" -> "(char) ('a' + (n & 15))";
        case "short" -> "(short) n";
        case "byte" -> "(byte) n";
        case "String" -> "\"text\" + n";
        case "Integer" -> "n";
        case "Object" -> name.hashCode() % 2 == 0 ? "a" : "b";
        case "List<Object>" -> "new ArrayList<>(Arrays.asList(a, n))";
        case "Map<Object, Object>" -> "new HashMap<>(Map.of(n, \"v\"))";
        case "int[]" -> "new int[] {n, 2}";
        case "Object[]" -> "new Object[] {b, n}";
        case "Date" -> "new Date(n)";
        case "Cell" -> "a instanceof Cell ? (Cell) a : null";
        case "java.math.BigDecimal" -> "java.math.BigDecimal.valueOf(n, 2)";
        default -> throw new IllegalArgumentException(type);
      };
    }

    static String initial(String type) {
      return switch (type) {
        case "int", "long", "short", "byte", "double", "float" -> "7";
        case "boolean" -> "true";
        case "char" -> "'q'";
        case "String" -> "\"initial\"";
        case "Object" -> "\"initial object\"";
        case "List<Object>" -> "new ArrayList<>()";
        case "Map<Object, Object>" -> "new HashMap<>()";
        default -> "";
      };
    }
  }

  private List<Member> members(int most) {
    List<Member> members = new ArrayList<>();
    int count = random.nextInt(most + 1);
    for (int i = 0; i < count; i++) {
      String type =
          pick(
              "int",
              "long",
              "double",
              "float",
              "boolean",
              "char",
              "short",
              "byte",
              "String",
              "Integer",
              "Object",
              "Object",
              "Object",
              "List<Object>",
              "Map<Object, Object>",
              "int[]",
              "Object[]",
              "Date",
              "Cell",
              "java.math.BigDecimal");
      String modifiers =
          pick("private ", "protected ", "public ", "")
              + (chance(20) ? "transient " : "")
              + (chance(25) ? "final " : chance(5) ? "volatile " : "");
      String initialiser = chance(30) ? Member.initial(type) : "";
      members.add(new Member(type, "f" + i, modifiers, initialiser));
    }
    return members;
  }

  private void addClass(String name) {
    Base base = !bases.isEmpty() && chance(45) ? bases.get(random.nextInt(bases.size())) : null;
    boolean declares = chance(base == null ? 45 : 75);
    boolean serializable = declares || (base != null && base.serializable);
    if (base == null && !declares && chance(30)) {
      // A root that is plain by accident is a rare thing; a plain base is not.
      declares = serializable = true;
    }
    boolean number = base == null || !base.hasNumber || chance(20);
    boolean comparable = base != null && base.comparable || chance(35);
    boolean immutable = chance(6);
    List<Member> members = members(5);
    String head = immutable ? pick(ANNOTATIONS) : "";
    head += "public class " + name + (base == null ? "" : " extends " + base.name);
    List<String> faces = new ArrayList<>(List.of("Cell"));
    if (declares) {
      faces.add("Serializable");
    }
    if (comparable && (base == null || !base.comparable)) {
      faces.add("Comparable<Object>");
    }
    line(head + " implements " + String.join(", ", faces) + " {");
    if (chance(40)) {
      line("  private static final long serialVersionUID = " + random.nextInt(1000) + "L;");
    }
    if (chance(20)) {
      line("  static Object shared = new Object();");
    }
    if (number) {
      line("  protected int n;");
    }
    for (Member member : members) {
      String initial =
          member.initialiser.isEmpty() || member.isFinal() ? "" : " = " + member.initialiser;
      line("  " + member.modifiers + member.type + " " + member.name + initial + ";");
    }
    line("  protected " + name + "(int n, Object a, Object b) {");
    line(base == null ? "    super();" : "    super(n + 1, b, a);");
    if (number) {
      line("    this.n = n;");
    }
    for (Member member : members) {
      if (member.isFinal() || chance(80)) {
        line("    this." + member.name + " = " + member.assigned() + ";");
      }
    }
    line("  }");
    addNoArgument(name, base, members, serializable);
    if (number) {
      line("  public int number() { return n; }");
    }
    if (comparable && (base == null || !base.comparable)) {
      line(
          "  public int compareTo(Object o) { return Integer.compare(number(), ((Cell) o).number()); }");
    }
    if (chance(30)) {
      line(
          "  @Override public boolean equals(Object o) { return o instanceof "
              + name
              + " && ((Cell) o).number() == number(); }");
      line("  @Override public int hashCode() { return number(); }");
    }
    boolean hooksClash = base != null && base.hooksClash;
    if (!hooksClash && (serializable || chance(30))) {
      int start = out.length();
      addHooks(name, members);
      hooksClash = isOpen(out.substring(start));
    }
    line(
        "  public static Object make(int n, Object a, Object b) { return new "
            + name
            + "(n, a, b); }");
    line("}");
    bases.add(new Base(name, serializable, true, comparable, hooksClash));
  }

  /** None, or one that leaves traces, or throws. */
  private void addNoArgument(String name, Base base, List<Member> members, boolean serializable) {
    if (chance(serializable ? 35 : 15)) {
      return;
    }
    String visibility =
        serializable || chance(40)
            ? pick("public ", "protected ", "private ", "")
            : pick("public ", "protected ", "");
    line("  " + visibility + name + "() {");
    line(base == null ? "    super();" : "    super(-1, null, null);");
    line("    Ledger.sign(\"" + name + "\");");
    line("    int n = 42; Object a = \"made by the constructor\"; Object b = a;");
    for (Member member : members) {
      if (member.isFinal() || chance(50)) {
        line("    this." + member.name + " = " + member.assigned() + ";");
      }
    }
    if (chance(serializable ? 15 : 4)) {
      line("    if (n == 42) throw new IllegalStateException(\"the constructor fails\");");
    }
    line("  }");
  }

  /** Whether a subclass may not declare the hook again with less visibility. */
  private static boolean isOpen(String hooks) {
    return hooks
        .lines()
        .anyMatch(
            line ->
                !line.startsWith("  private")
                        && line.matches("  \\S.*(writeReplace|readResolve|writeObject)\\(.*")
                    || line.startsWith("  private static void readObject"));
  }

  private void addHooks(String name, List<Member> members) {
    int kind = random.nextInt(100);
    if (kind < 50) {
      return;
    }
    if (kind < 56) {
      line(
          "  private void writeObject(ObjectOutputStream out) throws IOException { out.defaultWriteObject(); out.writeInt(number()); out.writeObject(\"extra\" + number()); }");
      line(
          "  private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException { in.defaultReadObject(); extra = in.readInt(); more = in.readObject(); }");
      line("  private transient int extra; private transient Object more;");
    } else if (kind < 60) {
      List<Member> stored = members.stream().filter(Member::isStored).toList();
      line(
          "  private void writeObject(ObjectOutputStream out) throws IOException { ObjectOutputStream.PutField fields = out.putFields();");
      for (Member member : stored) {
        if (chance(80)) {
          line("    fields.put(\"" + member.name + "\", " + member.name + ");");
        }
      }
      line("    out.writeFields(); }");
      line(
          "  private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException { ObjectInputStream.GetField fields = in.readFields();");
      for (Member member : stored) {
        if (member.type.equals("Object") && !member.isFinal()) {
          line("    " + member.name + " = fields.get(\"" + member.name + "\", \"absent\");");
        }
      }
      line("  }");
    } else if (kind < 63) {
      line(
          "  private void writeObject(ObjectOutputStream out) throws IOException { out.writeInt(number()); out.writeUTF(\"own\"); }");
      line(
          "  private void readObject(ObjectInputStream in) throws IOException { own = in.readInt() + in.readUTF(); }");
      line("  private transient String own;");
    } else if (kind < 66) {
      line(
          "  private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException { in.defaultReadObject(); rebuilt = new ArrayList<>(List.of(\"rebuilt\")); }");
      line("  private transient List<Object> rebuilt = new ArrayList<>();");
    } else if (kind < 68) {
      line(
          "  private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException { in.defaultReadObject(); if (number() % 5 == 0) throw new InvalidObjectException(\"five\"); }");
    } else if (kind < 70) {
      line(
          "  private void writeObject(ObjectOutputStream out) throws IOException { if (number() % 5 == 0) throw new IllegalStateException(\"five\"); out.defaultWriteObject(); }");
    } else if (kind < 72) {
      line("  private void readObjectNoData() { Ledger.sign(\"" + name + " no data\"); }");
    } else if (kind < 77) {
      String visibility = pick("private ", "protected ", "public ", "");
      line(
          "  "
              + visibility
              + "Object writeReplace() { return "
              + pick(
                  "new Stand(number(), this.getClass())",
                  "number() % 2 == 0 ? this : new Stand(number(), null)",
                  "\"replaced by a string\"",
                  "new ArrayList<>(List.of(number()))",
                  "new Date(number())")
              + "; }");
      line(
          "  static class Stand implements Serializable { int n; Class<?> type; Stand(int n, Class<?> type) { this.n = n; this.type = type; }");
      if (chance(75)) {
        line(
            "    "
                + pick("private ", "protected ", "")
                + "Object readResolve() { return new "
                + name
                + "(n, \"resolved\", type); }");
      }
      line("  }");
    } else if (kind < 82) {
      String visibility = pick("private ", "protected ", "public ", "");
      line("  static final Object CANON = new " + name + "(99, null, null);");
      line(
          "  "
              + visibility
              + "Object readResolve() { return "
              + pick(
                  "CANON",
                  "CANON",
                  "this",
                  "number() % 2 == 0 ? this : CANON",
                  "new ArrayList<>(List.of(number()))",
                  "\"resolved to a string\"",
                  "number() % 7 == 0 ? null : this",
                  "new " + name + "(number() + 1, \"again\", null)")
              + "; }");
    } else if (kind < 87) {
      StringBuilder fields = new StringBuilder();
      for (Member member : members) {
        if (chance(60)) {
          String erased = member.type.replaceAll("<.*>", "");
          fields
              .append("new ObjectStreamField(\"")
              .append(member.name)
              .append("\", ")
              .append(erased)
              .append(".class), ");
        }
      }
      String modifiers =
          chance(80)
              ? "private static final "
              : pick("public static final ", "private static ", "static final ");
      line("  " + modifiers + "ObjectStreamField[] serialPersistentFields = {" + fields + "};");
    } else if (kind < 90) {
      line(
          "  private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException { in.registerValidation(() -> { validated = true; if (number() == 6) throw new InvalidObjectException(\"six\"); }, 1); in.defaultReadObject(); }");
      line("  private transient boolean validated;");
    } else {
      // What looks like a hook and is none.
      line(
          pick(
              "  public void writeObject(ObjectOutputStream out) { throw new IllegalStateException(\"no hook\"); }",
              "  private Object writeObject(ObjectOutputStream out) { throw new IllegalStateException(\"no hook\"); }",
              "  private static void readObject(ObjectInputStream in) { throw new IllegalStateException(\"no hook\"); }",
              "  private "
                  + name
                  + " writeReplace() { throw new IllegalStateException(\"no hook\"); }",
              "  private Object writeReplace(int n) { throw new IllegalStateException(\"no hook\"); }",
              "  static Object readResolve() { throw new IllegalStateException(\"no hook\"); }",
              "  private Object readResolve(Object o) { throw new IllegalStateException(\"no hook\"); }",
              "  private long[] serialPersistentFields = {1};",
              "  private void writeObject(OutputStream out) { throw new IllegalStateException(\"no hook\"); }"));
    }
  }

  // Other kinds

  private void addRecord(String name) {
    String face = chance(85) ? "Cell, Serializable" : "Cell";
    String b = pick("List<Object>", "int[]", "Object", "String");
    String value =
        switch (b) {
          case "List<Object>" -> "new ArrayList<>(Arrays.asList(b, n))";
          case "int[]" -> "new int[] {n}";
          case "Object" -> "b";
          default -> "\"b\" + n";
        };
    line(
        (chance(10) ? pick(ANNOTATIONS) : "")
            + "public record "
            + name
            + "(int n, Object a, "
            + b
            + " b) implements "
            + face
            + ", Comparable<Object> {");
    switch (random.nextInt(6)) {
      case 0 ->
          line(
              "  public "
                  + name
                  + " { if (n == 3) throw new IllegalArgumentException(\"three\"); }");
      case 1 -> line("  public " + name + " { n = Math.abs(n); }");
      case 2 -> line("  public " + name + " { Objects.requireNonNull(a); }");
      default -> {}
    }
    if (chance(50)) {
      line(
          switch (b) {
            case "List<Object>" ->
                "  public List<Object> b() { return b == null ? null : Collections.unmodifiableList(new ArrayList<>(b)); }";
            case "int[]" -> "  public int[] b() { return b.clone(); }";
            default -> "  public Object a() { return String.valueOf(n); }";
          });
    }
    if (b.equals("List<Object>")) {
      line("  public void change() { if (b != null) b.add(\"changed\"); }");
    } else if (b.equals("int[]")) {
      line("  public void change() { b[0]++; }");
    }
    if (chance(15)) {
      line(
          "  private Object readResolve() { return "
              + pick("this", "new " + name + "(n + 1, a, b)", "\"resolved\"")
              + "; }");
    } else if (chance(10)) {
      line(
          "  private Object writeReplace() { return "
              + pick("this", "\"replaced\"", "new ArrayList<>(Arrays.asList(n, a))")
              + "; }");
    }
    line("  public int number() { return n; }");
    line("  public int compareTo(Object o) { return Integer.compare(n, ((Cell) o).number()); }");
    if (chance(50)) {
      line(
          "  @Override public boolean equals(Object o) { return o instanceof "
              + name
              + " && ((Cell) o).number() == n; }");
      line("  @Override public int hashCode() { return n; }");
    }
    line(
        "  public static Object make(int n, Object a, Object b) { return new "
            + name
            + "(n, a, "
            + value
            + "); }");
    line("}");
  }

  private void addEnum(String name) {
    line("public enum " + name + " implements Cell {");
    line(
        "  ONE { @Override public int number() { return 1; } }, TWO, THREE(3) { private int extra = 5; };");
    line(
        "  private int count; private Object kept; private final List<Object> list = new ArrayList<>();");
    line("  " + name + "() {} " + name + "(int n) { count = n; }");
    line("  public int number() { return count; }");
    line("  private Object readResolve() { throw new IllegalStateException(\"never called\"); }");
    line(
        "  public static Object make(int n, Object a, Object b) { "
            + name
            + " made = values()[Math.floorMod(n, 3)]; made.kept = a; return "
            + pick(
                "made",
                "made",
                "EnumSet.of(made)",
                "EnumSet.allOf(" + name + ".class)",
                "new EnumMap<>(Map.of(made, \"v\"))",
                name + ".class")
            + "; }");
    line("}");
  }

  private void addCollection(String name) {
    String base = pick(COLLECTIONS);
    boolean map = base.contains("Map") || base.contains("table");
    String arguments = map ? "<Object, Object>" : "<Object>";
    List<Member> members = members(3);
    line("public class " + name + " extends java.util." + base + arguments + " implements Cell {");
    line("  int n;");
    for (Member member : members) {
      line("  " + member.modifiers.replace("final ", "") + member.type + " " + member.name + ";");
    }
    line("  public " + name + "() { Ledger.sign(\"" + name + "\"); }");
    line("  " + name + "(int n, Object a, Object b) { this.n = n;");
    for (Member member : members) {
      line("    this." + member.name + " = " + member.assigned() + ";");
    }
    line("  }");
    line("  public int number() { return n; }");
    if (chance(25)) {
      line(
          "  private void writeObject(ObjectOutputStream out) throws IOException { out.defaultWriteObject(); out.writeInt(n); }");
      line(
          "  private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException { in.defaultReadObject(); again = in.readInt(); }");
      line("  private transient int again;");
    } else if (chance(10)) {
      line(
          "  private Object writeReplace() { return "
              + pick("new ArrayList<>(List.of(n))", "this", "\"replaced\"")
              + "; }");
    }
    line(
        "  public static Object make(int n, Object a, Object b) { return new "
            + name
            + "(n, a, b); }");
    line("}");
  }

  private void addException(String name) {
    String base =
        pick(
            "RuntimeException",
            "Exception",
            "IllegalStateException",
            "Error",
            "java.util.EventObject",
            "Number",
            "java.util.Date",
            "java.sql.Timestamp",
            "Observable");
    List<Member> members = members(3);
    line("public class " + name + " extends " + base + " implements Cell, Serializable {");
    line("  int n;");
    for (Member member : members) {
      line("  " + member.modifiers.replace("final ", "") + member.type + " " + member.name + ";");
    }
    String call =
        switch (base) {
          case "java.util.EventObject" -> "super(\"source\")";
          case "Number", "Observable" -> "super()";
          case "java.util.Date", "java.sql.Timestamp" -> "super(n * 1001L)";
          default ->
              "super(\"message \" + n"
                  + (base.contains("State")
                      ? ", a instanceof Throwable ? (Throwable) a : null)"
                      : ")");
        };
    line("  " + name + "(int n, Object a, Object b) { " + call + "; this.n = n;");
    for (Member member : members) {
      line("    this." + member.name + " = " + member.assigned() + ";");
    }
    if (base.endsWith("Exception") && chance(60)) {
      line("    if (a instanceof Throwable) addSuppressed((Throwable) a);");
    }
    line("  }");
    line("  public int number() { return n; }");
    if (base.equals("Number")) {
      line(
          "  public int intValue() { return n; } public long longValue() { return n; } public float floatValue() { return n; } public double doubleValue() { return n; }");
    }
    line(
        "  public static Object make(int n, Object a, Object b) { return new "
            + name
            + "(n, a, b); }");
    line("}");
  }

  private void addInner(String name) {
    boolean outer = chance(70);
    line("public class " + name + (outer ? " implements Serializable" : "") + " {");
    line("  int n; Object a; " + name + "(int n, Object a) { this.n = n; this.a = a; }");
    switch (random.nextInt(4)) {
      case 0 -> {
        line(
            "  class In implements Serializable, Cell { Object b; In(Object b) { this.b = b; } public int number() { return n; } }");
        line(
            "  public static Object make(int n, Object a, Object b) { return new "
                + name
                + "(n, a).new In(b); }");
      }
      case 1 -> {
        line(
            "  Object local(Object b) { int count = n; class Local implements Serializable, Cell { Object c = b; public int number() { return count + "
                + name
                + ".this.n; } } return new Local(); }");
        line(
            "  public static Object make(int n, Object a, Object b) { return new "
                + name
                + "(n, a).local(b); }");
      }
      case 2 -> {
        line("  interface Both extends Cell, Serializable {}");
        line(
            "  static Both anonymous(int n, Object b) { return new Both() { Object kept = b; public int number() { return n; } }; }");
        line("  public static Object make(int n, Object a, Object b) { return anonymous(n, b); }");
      }
      default -> {
        line(
            "  Object map(Object b) { return new HashMap<Object, Object>() {{ put(\"n\", n); put(\"b\", b); }}; }");
        line(
            "  public static Object make(int n, Object a, Object b) { return new "
                + name
                + "(n, a).map(b); }");
      }
    }
    line("}");
  }

  private void addFunctions(String name) {
    boolean serializable = chance(85);
    String cast = serializable ? " & Serializable" : "";
    line("public class " + name + " implements Serializable {");
    line(
        "  int n; "
            + name
            + "(int n) { this.n = n; } Object instance(Object o) { return n; } static int size(Object o) { return String.valueOf(o).length(); }");
    line("  interface SerialComparator extends Comparator<Object>, Serializable {}");
    String function =
        pick(
            "(Supplier<Object>" + cast + ") () -> a",
            "(Supplier<Object>" + cast + ") () -> n + String.valueOf(b) + a",
            "(Function<Object, Object>" + cast + ") String::valueOf",
            "(Function<Object, Object>" + cast + ") new " + name + "(n)::instance",
            "(Function<Integer, Object>" + cast + ") " + name + "::new",
            "(Runnable" + cast + ") () -> {}",
            "(SerialComparator) (x, y) -> Integer.compare(((Cell) x).number(), ((Cell) y).number())",
            "Comparator.comparing((Function<Object, Integer>"
                + cast
                + ") "
                + name
                + "::size).reversed().thenComparing((Function<Object, String>"
                + cast
                + ") String::valueOf)",
            "Map.Entry.comparingByKey()",
            "Map.Entry.comparingByValue(Comparator.reverseOrder())",
            "Comparator.nullsFirst(Comparator.naturalOrder())",
            "new TreeMap<Object, Object>((SerialComparator) (x, y) -> String.valueOf(x).compareTo(String.valueOf(y)))");
    line("  public static Object make(int n, Object a, Object b) { return " + function + "; }");
    line("}");
  }

  private void addProxy(String name) {
    String face = chance(85) ? ", Serializable" : "";
    line("public class " + name + " implements java.lang.reflect.InvocationHandler" + face + " {");
    line(
        "  int n; Object a; Object b; "
            + name
            + "(int n, Object a, Object b) { this.n = n; this.a = a; this.b = b; }");
    line(
        "  public Object invoke(Object proxy, java.lang.reflect.Method method, Object[] arguments) {");
    line(
        "    switch (method.getName()) { case \"number\": return n; case \"hashCode\": return n; case \"equals\": return proxy == arguments[0]; default: return \"proxy\" + n; } }");
    line(
        "  public static Object make(int n, Object a, Object b) { return java.lang.reflect.Proxy.newProxyInstance("
            + name
            + ".class.getClassLoader(), new Class<?>[] {Cell.class"
            + pick("", ", Serializable.class", ", Runnable.class")
            + "}, new "
            + name
            + "(n, a, b)); }");
    line("}");
  }

  private void addExternalizable(String name) {
    boolean constructor = chance(85);
    line("public class " + name + " implements Externalizable, Cell, Comparable<Object> {");
    line(
        "  private int n; private Object a; transient Object b; private String left = \"initial\";");
    line(
        "  "
            + name
            + "(int n, Object a, Object b) { this.n = n; this.a = a; this.b = b; left = \"given\"; }");
    if (constructor) {
      line(
          "  public " + name + "() { Ledger.sign(\"" + name + "\"); b = \"of the constructor\"; }");
    } else {
      line("  " + pick("private ", "protected ", "") + name + "() { }");
    }
    line(
        "  public void writeExternal(ObjectOutput out) throws IOException { out.writeInt(n); out.writeObject(a); }");
    line(
        "  public void readExternal(ObjectInput in) throws IOException, ClassNotFoundException { n = in.readInt(); a = in.readObject();"
            + (chance(10) ? " if (n == 5) throw new IOException(\"five\");" : "")
            + " }");
    if (chance(15)) {
      line(
          "  private Object readResolve() { return "
              + pick("this", "\"resolved\"", "new " + name + "(n, a, \"again\")")
              + "; }");
    }
    line("  public int number() { return n; }");
    line("  public int compareTo(Object o) { return Integer.compare(n, ((Cell) o).number()); }");
    line(
        "  public static Object make(int n, Object a, Object b) { return new "
            + name
            + "(n, a, b); }");
    line("}");
  }
}
