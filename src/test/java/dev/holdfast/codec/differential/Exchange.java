package dev.holdfast.codec.differential;

import dev.holdfast.api.UnencodableValueException;
import dev.holdfast.codec.AttributeCodec;
import dev.holdfast.codec.UndecodableValueException;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Values of the JDK between two JVMs: one writes them with the codec and with Java serialization,
 * the other reads both and compares.
 */
final class Exchange {
  private final ClassLoader loader = Exchange.class.getClassLoader();

  /**
   * Run by the other JVM: reads what this JVM wrote, and writes for it.
   *
   * @param arguments the file to read, the file for the verdicts, the file to write
   */
  public static void main(String[] arguments) throws IOException {
    Exchange exchange = new Exchange();
    try (DataOutputStream verdicts =
        new DataOutputStream(Files.newOutputStream(Path.of(arguments[1])))) {
      exchange.read(
          Path.of(arguments[0]),
          (name, verdict) -> {
            verdicts.writeUTF(name);
            verdicts.writeUTF(verdict.kind().name());
            verdicts.writeUTF(verdict.why().substring(0, Math.min(2000, verdict.why().length())));
          });
    }
    exchange.write(Path.of(arguments[2]));
  }

  /** Is told of each value that was read. */
  interface Receiver {
    void accept(String name, Verdict verdict) throws IOException;
  }

  /** Writes every value of the table that this JVM's Java serialization can write. */
  void write(Path file) throws IOException {
    AttributeCodec codec = new AttributeCodec(Everything.allowed(loader));
    TypeTable table = JdkTypes.all();
    try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(file))) {
      for (String name : table.names()) {
        Object value = table.make(name);
        byte[] reference;
        try {
          reference = JavaSerialization.write(value);
        } catch (IOException | RuntimeException e) {
          continue;
        }
        out.writeUTF(name);
        writeBytes(out, reference);
        try {
          byte[] ours = codec.encode(value);
          out.writeUTF("");
          writeBytes(out, ours);
        } catch (UnencodableValueException e) {
          out.writeUTF("local: " + e.getMessage());
          writeBytes(out, new byte[0]);
        }
      }
    }
  }

  private static void writeBytes(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static byte[] readBytes(DataInputStream in) throws IOException {
    return in.readNBytes(in.readInt());
  }

  void read(Path file, Receiver receiver) throws IOException {
    JavaSerialization java = new JavaSerialization(loader);
    AttributeCodec codec = new AttributeCodec(Everything.allowed(loader));
    try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
      while (in.available() > 0) {
        String name = in.readUTF();
        JavaSerialization.Outcome expected = java.read(readBytes(in));
        String local = in.readUTF();
        byte[] ours = readBytes(in);
        receiver.accept(name, judge(codec, expected, local, ours));
      }
    }
  }

  private static Verdict judge(
      AttributeCodec codec, JavaSerialization.Outcome expected, String local, byte[] ours) {
    if (!local.isEmpty()) {
      return new Verdict(expected.brings() ? Verdict.Kind.LOCAL : Verdict.Kind.REFUSED, local);
    }
    Object actual;
    try {
      actual = codec.decode(ours);
    } catch (UndecodableValueException e) {
      return expected.brings()
          ? Verdict.different("accepted there, not readable here: " + e.getMessage())
          : new Verdict(Verdict.Kind.REFUSED, String.valueOf(e.getMessage()));
    }
    if (!expected.brings()) {
      return Verdict.different(
          "Java serialization cannot read it here, we can: " + expected.failure());
    }
    String difference = Comparison.difference(expected.value(), actual);
    return difference == null ? new Verdict(Verdict.Kind.EQUAL, "") : Verdict.different(difference);
  }
}
