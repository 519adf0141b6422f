package dev.holdfast.codec;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/**
 * A JVM of its own that reads values and tells which of their host names it looked up. Its names
 * come from a file ({@code jdk.net.hosts.file}) that is emptied after the reading, and what was
 * looked up is kept by the JVM, so a name that still has an address was looked up while reading.
 */
final class NameLookups {

  private NameLookups() {}

  /**
   * @param arguments the hosts file; {@code key} or {@code none}; a file with a host name and bytes
   *     in Base64 a line
   */
  public static void main(String[] arguments) throws Exception {
    ClassLoader loader = NameLookups.class.getClassLoader();
    AttributeCodec codec =
        arguments[1].equals("key")
            ? new AttributeCodec(ClassAllowList.everything(loader))
            : Codecs.of(loader);
    for (String line : Files.readAllLines(Path.of(arguments[2]))) {
      try {
        codec.decode(Base64.getDecoder().decode(line.split(" ")[1]));
        System.out.println("read " + line.split(" ")[0]);
      } catch (UndecodableValueException e) {
        // Reads as absent.
      }
    }
    Files.writeString(Path.of(arguments[0]), "");
    for (String line : Files.readAllLines(Path.of(arguments[2]))) {
      String name = line.split(" ")[0];
      try {
        InetAddress.getByName(name);
        System.out.println("looked up " + name);
      } catch (UnknownHostException e) {
        System.out.println("left alone " + name);
      }
    }
  }
}
