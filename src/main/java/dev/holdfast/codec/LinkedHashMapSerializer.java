package dev.holdfast.codec;

import com.esotericsoftware.kryo.kryo5.Kryo;
import com.esotericsoftware.kryo.kryo5.Serializer;
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
final class LinkedHashMapSerializer extends Serializer<Map<Object, Object>> {
  private static final int BY_ACCESS = -1;

  @Override
  public void write(Kryo kryo, Output output, Map<Object, Object> map) {
    if (isOrderedByAccess(map)) {
      output.writeVarInt(BY_ACCESS, true);
    }
    CollectionSerializers.writeEntries(kryo, output, map);
  }

  private static boolean isOrderedByAccess(Map<Object, Object> map) {
    @SuppressWarnings("unchecked")
    Map<Object, Object> probe = (Map<Object, Object>) ((LinkedHashMap<?, ?>) map).clone();
    probe.clear();
    probe.put(0, 0);
    probe.put(1, 1);
    probe.get(0);
    return probe.keySet().iterator().next().equals(1);
  }

  @Override
  public Map<Object, Object> read(
      Kryo kryo, Input input, Class<? extends Map<Object, Object>> type) {
    int start = input.position();
    boolean byAccess = input.readVarInt(true) == BY_ACCESS;
    if (!byAccess) {
      input.setPosition(start);
    }
    int size = BoundedInput.length(input, 2);
    Map<Object, Object> map = HashTables.linkedHashMap(size, byAccess);
    kryo.reference(map);
    CollectionSerializers.readEntries(kryo, input, size, map);
    return map;
  }
}
