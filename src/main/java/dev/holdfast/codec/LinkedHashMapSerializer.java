package dev.holdfast.codec;

import com.esotericsoftware.kryo.kryo5.Kryo;
import com.esotericsoftware.kryo.kryo5.io.Input;
import com.esotericsoftware.kryo.kryo5.io.Output;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes a LinkedHashMap with the flag that orders it by access, which caches of recently used
 * entries set. In the place of the size, {@value #BY_ACCESS} says that the flag is set and the size
 * follows.
 *
 * <p>The flag is private, and asking the map itself would change its order, so a copy is probed.
 */
final class LinkedHashMapSerializer extends CollectionSerializers.OfMap {
  private static final int BY_ACCESS = -1;

  LinkedHashMapSerializer() {
    super((size, c) -> HashTables.linkedHashMap(size, false), false, false);
  }

  @Override
  Map<?, ?> begin(Kryo kryo, Output output, Map<?, ?> map) {
    if (isOrderedByAccess(map)) {
      output.writeVarInt(BY_ACCESS, true);
    }
    return map;
  }

  private static boolean isOrderedByAccess(Map<?, ?> map) {
    @SuppressWarnings("unchecked")
    Map<Object, Object> probe = (Map<Object, Object>) ((LinkedHashMap<?, ?>) map).clone();
    probe.clear();
    probe.put(0, 0);
    probe.put(1, 1);
    probe.get(0);
    return probe.keySet().iterator().next().equals(1);
  }

  @Override
  public Object read(Kryo kryo, Input input, Class<?> type) {
    boolean byAccess = readByAccess(input);
    int size = BoundedInput.length(input, 2);
    Map<Object, Object> map = HashTables.linkedHashMap(size, byAccess);
    kryo.reference(map);
    for (int i = 0; i < size; i++) {
      Object key = kryo.readClassAndObject(input);
      map.put(key, kryo.readClassAndObject(input));
    }
    return map;
  }

  private static boolean readByAccess(Input input) {
    int start = input.position();
    boolean byAccess = input.readVarInt(true) == BY_ACCESS;
    if (!byAccess) {
      input.setPosition(start);
    }
    return byAccess;
  }
}
