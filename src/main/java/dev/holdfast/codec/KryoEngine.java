package dev.holdfast.codec;

import com.esotericsoftware.kryo.kryo5.Kryo;
import com.esotericsoftware.kryo.kryo5.KryoException;
import com.esotericsoftware.kryo.kryo5.io.KryoBufferOverflowException;
import com.esotericsoftware.kryo.kryo5.io.Output;
import dev.holdfast.codec.ValueCodec.KnownBytes;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One Kryo with what belongs to it. For one thread at a time; never used again after it threw. */
final class KryoEngine {
  private static final int INITIAL_BUFFER = 1024;

  /**
   * The largest buffer to keep: a power of two times the initial one, since buffers grow by
   * doubling.
   */
  private static final int KEPT_BUFFER = 256 * INITIAL_BUFFER;

  /** Room before the body for what stands ahead of it, so that the two need not be joined. */
  private static final int HEAD = 512;

  private final GraphWalk walk;
  private final Embedding embedded;
  private final ClassTable table;
  private final References references;
  private final Kryo kryo;
  private final int maxBytes;
  private final Output head = new Output(64, -1);
  private Output body;
  private boolean doubtful;

  KryoEngine(NamedClasses classes, Routes routes, JavaStream java, long maxBytes) {
    this.walk = new GraphWalk(classes);
    this.embedded = new Embedding(java, walk);
    this.table = new ClassTable(routes, walk, embedded);
    this.references = new References(walk);
    this.kryo = new TextKryo(table, references, walk);
    this.maxBytes = (int) Math.min(maxBytes, Integer.MAX_VALUE - 16 - HEAD);
    kryo.setOptimizedGenerics(false);
    kryo.setAutoReset(false);
    body = newBuffer();
  }

  private Output newBuffer() {
    Output buffer = new TextOutput(Math.min(INITIAL_BUFFER, HEAD + maxBytes), HEAD + maxBytes);
    buffer.setPosition(HEAD);
    return buffer;
  }

  /**
   * Encodes a value behind {@code envelope}; null if the bytes are known.
   *
   * @param embedding whether JDK serialization may be used inside
   */
  byte @Nullable [] encode(byte[] envelope, Object value, boolean embedding, KnownBytes known) {
    doubtful = false;
    table.setEmbedding(embedding);
    walk.admitPlain();
    try {
      kryo.writeClassAndObject(body, value);
    } catch (KryoBufferOverflowException e) {
      throw new JavaStream.TooLargeException();
    }
    embedded.requireNothingShared(references);
    doubtful = walk.isDoubtful();
    head.reset();
    head.writeBytes(envelope);
    table.writeTable(head);
    byte[] encoded = behind(known);
    clear();
    return encoded;
  }

  private byte @Nullable [] behind(KnownBytes known) {
    byte[] bytes = body.getBuffer();
    int start = HEAD - head.position();
    if (start >= 0) {
      System.arraycopy(head.getBuffer(), 0, bytes, start, head.position());
      return known.are(bytes, start, body.position() - start)
          ? null
          : Arrays.copyOfRange(bytes, start, body.position());
    }
    int length = body.position() - HEAD;
    byte[] encoded = Arrays.copyOf(head.getBuffer(), head.position() + length);
    System.arraycopy(bytes, HEAD, encoded, head.position(), length);
    return known.are(encoded, 0, encoded.length) ? null : encoded;
  }

  /** Whether reading what was encoded last runs code of the application, which may fail. */
  boolean isDoubtful() {
    return doubtful;
  }

  /** Decodes what follows the envelope. */
  @Nullable Object decode(byte[] bytes, int offset) {
    BoundedInput input = new BoundedInput(bytes, offset);
    table.readTable(input);
    Object value = kryo.readClassAndObject(input);
    if (!input.end()) {
      throw new KryoException((input.limit() - input.position()) + " bytes are left over");
    }
    clear();
    return value;
  }

  private void clear() {
    kryo.reset();
    table.clear();
    walk.clear();
    embedded.clear();
    if (body.getBuffer().length > KEPT_BUFFER) {
      body = newBuffer();
    } else {
      body.reset();
      body.setPosition(HEAD);
    }
  }
}
