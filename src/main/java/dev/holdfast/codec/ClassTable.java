package dev.holdfast.codec;

import com.esotericsoftware.kryo.kryo5.ClassResolver;
import com.esotericsoftware.kryo.kryo5.Kryo;
import com.esotericsoftware.kryo.kryo5.KryoException;
import com.esotericsoftware.kryo.kryo5.Registration;
import com.esotericsoftware.kryo.kryo5.io.Input;
import com.esotericsoftware.kryo.kryo5.io.Output;
import com.esotericsoftware.kryo.kryo5.util.IdentityObjectIntMap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The classes of one value. Ahead of the values stands a table of the classes they name, each with
 * its kind and, if it is written field by field, its fields; the values refer to it by index.
 * Nothing else in the bytes names a class, so dropping content (see {@link Missing}) loses no
 * definition that a later part needs.
 *
 * <pre>
 * class reference: varint 0 = null; odd = fixed number * 2 + 1 ({@link FixedTypes});
 *                  even = (index + 1) * 2
 * table:           varint count, then per class: kind letter, name;
 *                  for kind B: varint count, then per field: kind letter, name
 * </pre>
 */
final class ClassTable implements ClassResolver {

  private static final class Entry {
    final Route.Kind kind;
    final String name;
    final String[] fields;
    final char[] fieldKinds;
    @Nullable Registration registration;

    Entry(Route.Kind kind, String name, String[] fields, char[] fieldKinds) {
      this.kind = kind;
      this.name = name;
      this.fields = fields;
      this.fieldKinds = fieldKinds;
    }
  }

  private static final Route.Kind[] NAMED = {Route.Kind.BEAN, Route.Kind.ENUM, Route.Kind.ARRAY};

  private final Routes routes;
  private final GraphWalk walk;
  private final Registration embedded;
  private final IdentityObjectIntMap<Class<?>> indexes = new IdentityObjectIntMap<>();
  private final List<Class<?>> written = new ArrayList<>();
  private List<Entry> stored = Collections.emptyList();
  private boolean embedding;

  ClassTable(Routes routes, GraphWalk walk, Embedding embedded) {
    this.routes = routes;
    this.walk = walk;
    this.embedded = new Registration(Embedding.class, embedded, FixedTypes.EMBEDDED);
  }

  // Writing

  /** Whether values for JDK serialization may be embedded in what Kryo writes. */
  void setEmbedding(boolean embedding) {
    this.embedding = embedding;
  }

  @Override
  @SuppressWarnings("rawtypes")
  public @Nullable Registration writeClass(Output output, @Nullable Class type) {
    walk.begin();
    if (type == null) {
      output.writeVarInt(0, true);
      return null;
    }
    Route route = routes.of(type);
    if (route.kind() == Route.Kind.JDK) {
      if (!embedding) {
        throw new JdkNeededException(type);
      }
      walk.embed();
      output.writeVarInt(ValueTypes.reference(FixedTypes.EMBEDDED), true);
      return embedded;
    }
    Registration registration = route.registration();
    if (registration == null) {
      throw new RefusedClassException(type, String.valueOf(route.reason()));
    }
    if (route.plain() && !walk.admitsPlain()) {
      throw new RefusedClassException(type, Routes.plainInside(type));
    }
    if (route.kind() == Route.Kind.FIXED) {
      output.writeVarInt(ValueTypes.reference(registration.getId()), true);
      return registration;
    }
    Class<?> named = registration.getType();
    int index = indexes.get(named, -1);
    if (index < 0) {
      index = written.size();
      indexes.put(named, index);
      written.add(named);
    }
    output.writeVarInt((index + 1) << 1, true);
    return registration;
  }

  void writeTable(Output output) {
    output.writeVarInt(written.size(), true);
    for (Class<?> type : written) {
      Route route = routes.of(type);
      output.writeByte(route.kind().code);
      output.writeString(type.getName());
      BeanLayout layout = route.layout();
      if (layout != null) {
        output.writeVarInt(layout.slots.length, true);
        for (BeanLayout.Slot slot : layout.slots) {
          output.writeByte(slot.kind());
          output.writeString(slot.name());
        }
      }
    }
  }

  // Reading

  void readTable(Input input) {
    stored = entries(input);
  }

  private static List<Entry> entries(Input input) {
    int count = BoundedInput.length(input, 2);
    List<Entry> entries = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      Route.Kind kind = kind((char) input.readByte());
      String name = name(input);
      int fields = kind == Route.Kind.BEAN ? BoundedInput.length(input, 2) : 0;
      String[] names = new String[fields];
      char[] kinds = new char[fields];
      for (int f = 0; f < fields; f++) {
        kinds[f] = (char) input.readByte();
        names[f] = name(input);
      }
      entries.add(new Entry(kind, name, names, kinds));
    }
    return entries;
  }

  /** The name of the class of the value behind the table; null when the bytes do not tell. */
  static @Nullable String rootType(byte[] bytes, int offset) {
    try {
      BoundedInput input = new BoundedInput(bytes, offset);
      List<Entry> entries = entries(input);
      int reference = input.readVarInt(true);
      if ((reference & 1) == 1) {
        int number = reference >>> 1;
        Registration fixed = number == FixedTypes.EMBEDDED ? null : FixedTypes.of(number);
        return fixed == null ? null : fixed.getType().getName();
      }
      return entries.get((reference >>> 1) - 1).name;
    } catch (KryoException | UndecodableValueException | IndexOutOfBoundsException e) {
      return null;
    }
  }

  private static String name(Input input) {
    String name = input.readString();
    if (name == null) {
      throw new KryoException("A name is missing in the class table");
    }
    return name;
  }

  private static Route.Kind kind(char code) {
    for (Route.Kind kind : NAMED) {
      if (kind.code == code) {
        return kind;
      }
    }
    throw new KryoException("The class table has an unknown kind " + (int) code);
  }

  @Override
  public @Nullable Registration readClass(Input input) {
    int reference = input.readVarInt(true);
    if (reference == 0) {
      return null;
    }
    if ((reference & 1) == 1) {
      int number = reference >>> 1;
      Registration fixed = number == FixedTypes.EMBEDDED ? embedded : FixedTypes.of(number);
      if (fixed == null) {
        throw new KryoException("No JDK class has the number " + number + " in this version");
      }
      return fixed;
    }
    int index = (reference >>> 1) - 1;
    if (index < 0 || index >= stored.size()) {
      throw new KryoException("The class table has no entry " + index);
    }
    Entry entry = stored.get(index);
    Registration registration = entry.registration;
    if (registration == null) {
      Class<?> type = walk.find(entry.name);
      if (type == null) {
        return missing(entry);
      }
      registration = registration(entry, type);
      entry.registration = registration;
    }
    return registration;
  }

  private Registration registration(Entry entry, Class<?> type) {
    Route route = routes.of(type);
    if (route.kind() == Route.Kind.REFUSED) {
      throw new UndecodableValueException(
          type.getName() + " cannot be read any more: " + route.reason(), null);
    }
    BeanLayout layout = route.layout();
    if (entry.kind == Route.Kind.BEAN && layout != null) {
      BeanSerializer reader = new BeanSerializer(layout, entry.fields, entry.fieldKinds);
      return new Registration(type, reader, Routes.NO_ID);
    }
    Registration current = route.registration();
    if (current == null || entry.kind != route.kind()) {
      throw new UndecodableValueException(
          type.getName() + " was stored as " + entry.kind + " and has become " + route.kind(),
          null);
    }
    return current;
  }

  /** Stands in for a class that is gone, in content that is read only to be dropped. */
  private static Registration missing(Entry entry) {
    Class<?> standIn = entry.kind == Route.Kind.ENUM ? Missing.Constant.class : Missing.class;
    return new Registration(
        standIn, new MissingSerializer(entry.kind, entry.name, entry.fieldKinds), Routes.NO_ID);
  }

  @Override
  public void reset() {
    // Kryo.reset() calls this; clear() empties the table.
  }

  void clear() {
    indexes.clear(64);
    written.clear();
    stored = Collections.emptyList();
    embedding = false;
  }

  // What Kryo offers and this codec does not use: no class gets a number by the order of its
  // registration.

  @Override
  public void setKryo(Kryo kryo) {}

  @Override
  public Registration register(Registration registration) {
    return registration;
  }

  @Override
  public @Nullable Registration unregister(int id) {
    return null;
  }

  @Override
  @SuppressWarnings("rawtypes")
  public Registration registerImplicit(Class type) {
    throw new IllegalStateException("No class is registered implicitly: " + type.getName());
  }

  @Override
  @SuppressWarnings("rawtypes")
  public @Nullable Registration getRegistration(Class type) {
    return null;
  }

  @Override
  public @Nullable Registration getRegistration(int id) {
    return null;
  }
}
