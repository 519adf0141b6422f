package dev.holdfast.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.ConcurrentModificationException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ConcurrencyTest {
  private final AttributeCodec codec = Codecs.ofTests();

  @Test
  void eightThreadsShareOneCodec() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Callable<Void>> tasks = new ArrayList<>();
      for (int t = 0; t < 8; t++) {
        int thread = t;
        tasks.add(
            () -> {
              for (int i = 0; i < 500; i++) {
                List<Object> value =
                    new ArrayList<>(List.of(thread, "text" + i, new HashMap<>(Map.of(i, thread))));
                value.add(value.get(2));
                if (i % 3 == 0) {
                  value.add(new RoundTripTest.Counting("a"));
                }
                byte[] bytes = codec.encode(value);
                assertThat(codec.decode(bytes)).isEqualTo(value);
                if (i % 10 == 0) {
                  assertThatThrownBy(() -> codec.decode(Arrays.copyOf(bytes, bytes.length - 1)))
                      .isInstanceOf(UndecodableValueException.class);
                }
              }
              return null;
            });
      }
      for (Future<Void> done : threads.invokeAll(tasks)) {
        done.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  /** What another thread changes meanwhile is either reported or written whole. */
  @Test
  void whatIsWrittenDuringChangesCanBeRead() throws Exception {
    Map<Object, Object> map = new HashMap<>();
    for (int i = 0; i < 500; i++) {
      map.put(i, "v" + i);
    }
    AtomicBoolean stop = new AtomicBoolean();
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread writer =
        new Thread(
            () -> {
              for (int i = 500; !stop.get(); i++) {
                map.put(i, i);
                map.remove(i);
              }
            });
    writer.setUncaughtExceptionHandler((thread, e) -> failure.set(e));
    writer.start();
    try {
      for (int i = 0; i < 300; i++) {
        try {
          codec.decode(codec.encode(map));
        } catch (ConcurrentModificationException e) {
          // As promised.
        }
      }
    } finally {
      stop.set(true);
      writer.join();
    }
    assertThat(failure).hasNullValue();
  }

  @Test
  void aSetOfBeansWithoutHashCodeGivesTheSameBytesEachTime() {
    Set<Object> set = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      RoundTripTest.SerializableBox box = new RoundTripTest.SerializableBox();
      box.content = i;
      set.add(box);
    }
    assertThat(codec.encode(set)).isEqualTo(codec.encode(set));
    Object read = codec.decode(codec.encode(set));
    assertThat(codec.encode(read)).isEqualTo(codec.encode(read));
  }
}
