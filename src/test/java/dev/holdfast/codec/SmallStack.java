package dev.holdfast.codec;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * A JVM of its own that writes and reads values of nearly the depth that is allowed, on threads
 * with a small stack. How much of it they take depends on what is compiled, so on what the JVM did
 * before.
 */
final class SmallStack {
  private static final int DEPTH = 990;
  private static final long STACK_BYTES = 512 * 1024;

  private static final Map<String, UnaryOperator<Object>> WRAPPINGS = new LinkedHashMap<>();

  static {
    WRAPPINGS.put("ArrayList", content -> new ArrayList<>(Arrays.asList(content, null)));
    WRAPPINGS.put("HashMap", content -> new HashMap<>(Map.of("key", content)));
    WRAPPINGS.put("LinkedHashMap", content -> new LinkedHashMap<>(Map.of("key", content)));
    WRAPPINGS.put("TreeMap", content -> new TreeMap<>(Map.of("key", content)));
    WRAPPINGS.put("singletonList", Collections::singletonList);
    WRAPPINGS.put("array", content -> new Object[] {content, null});
    WRAPPINGS.put("bean", Bean::new);
  }

  static final class Bean implements Serializable {
    private static final long serialVersionUID = 1L;

    final int number = 1;
    final String text = "text";
    final Object content;

    Bean(Object content) {
      this.content = content;
    }
  }

  private SmallStack() {}

  /**
   * @param arguments how often each value is written and read: once, to see the first time alone,
   *     or often enough that it gets compiled
   */
  public static void main(String[] arguments) throws Exception {
    int rounds = Integer.parseInt(arguments[0]);
    AttributeCodec codec = Codecs.ofTests();
    for (Map.Entry<String, UnaryOperator<Object>> wrapping : WRAPPINGS.entrySet()) {
      Object value = "innermost";
      for (int i = 0; i < DEPTH; i++) {
        value = wrapping.getValue().apply(value);
      }
      Object deep = value;
      Thread small =
          new Thread(
              null,
              () -> {
                for (int i = 0; i < rounds; i++) {
                  codec.decode(codec.encode(deep));
                }
                System.out.println("fits " + wrapping.getKey());
              },
              wrapping.getKey(),
              STACK_BYTES);
      small.start();
      small.join();
    }
  }
}
