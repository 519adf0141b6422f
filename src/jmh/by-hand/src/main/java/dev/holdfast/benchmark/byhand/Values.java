package dev.holdfast.benchmark.byhand;

import com.esotericsoftware.kryo.kryo5.Kryo;
import com.esotericsoftware.kryo.kryo5.io.Input;
import com.esotericsoftware.kryo.kryo5.io.Output;
import com.esotericsoftware.kryo.kryo5.objenesis.strategy.StdInstantiatorStrategy;
import com.esotericsoftware.kryo.kryo5.util.DefaultInstantiatorStrategy;
import com.esotericsoftware.kryo.kryo5.util.Pool;

/** Values as bytes, with Kryo as its documentation shows it; no check of any kind. */
final class Values {
  private static final Pool<Kryo> POOL =
      new Pool<>(true, false, 64) {
        @Override
        protected Kryo create() {
          Kryo kryo = new Kryo();
          kryo.setRegistrationRequired(false);
          kryo.setClassLoader(Values.class.getClassLoader());
          kryo.setInstantiatorStrategy(
              new DefaultInstantiatorStrategy(new StdInstantiatorStrategy()));
          return kryo;
        }
      };

  private Values() {}

  static byte[] bytes(Object value) {
    Kryo kryo = POOL.obtain();
    try (Output output = new Output(256, -1)) {
      kryo.writeClassAndObject(output, value);
      return output.toBytes();
    } finally {
      POOL.free(kryo);
    }
  }

  static Object value(byte[] bytes) {
    Kryo kryo = POOL.obtain();
    try (Input input = new Input(bytes)) {
      return kryo.readClassAndObject(input);
    } finally {
      POOL.free(kryo);
    }
  }
}
