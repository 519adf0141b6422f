package dev.holdfast.session;

import dev.holdfast.sealing.Sealing;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Who is logged in to a session.
 *
 * @param name of the principal
 * @param authType as {@code HttpServletRequest.getAuthType()} gives it, or null
 * @param roles that the container granted at login
 * @param lasting whether later requests are answered from here (a login by a program or a form), or
 *     whether the container names the user on each request itself and this is only remembered to
 *     notice a change
 * @param attribute name of the session attribute that names the user; null when the container did
 */
public record Login(
    String name,
    @Nullable String authType,
    Set<String> roles,
    boolean lasting,
    @Nullable String attribute) {
  private static final int FORMAT = 1;

  public Login {
    roles = Set.copyOf(roles);
  }

  /** A login that the container has confirmed. */
  public Login(String name, @Nullable String authType, Set<String> roles, boolean lasting) {
    this(name, authType, roles, lasting, null);
  }

  /**
   * A login that only an attribute of the session tells of.
   *
   * @param attribute its name
   */
  public static Login byAttribute(String name, String attribute) {
    return new Login(name, null, Set.of(), false, attribute);
  }

  /** Whether only an attribute tells of it. */
  public boolean isByAttribute() {
    return attribute != null;
  }

  /** The stored form. */
  byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(FORMAT);
      out.writeBoolean(lasting);
      out.writeUTF(name);
      out.writeUTF(authType == null ? "" : authType);
      out.writeShort(roles.size());
      for (String role : new TreeSet<>(roles)) {
        out.writeUTF(role);
      }
      if (attribute != null) {
        out.writeUTF(attribute);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("The login of a user cannot be stored: " + e.getMessage(), e);
    }
    return bytes.toByteArray();
  }

  /** Whether this version can read the stored form, or it is sealed and may be good. */
  public static boolean isReadable(byte @Nullable [] bytes) {
    if (bytes != null && Sealing.isSealed(bytes)) {
      return true;
    }
    try {
      Login unused = fromBytes(bytes);
      return true;
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  /** Reads the stored form. Empty bytes mean nobody. */
  static @Nullable Login fromBytes(byte @Nullable [] bytes) {
    if (bytes == null || bytes.length == 0) {
      return null;
    }
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int format = in.readByte();
      if (format != FORMAT) {
        throw new IOException("format " + format + " is not known to this version");
      }
      boolean lasting = in.readBoolean();
      String name = in.readUTF();
      String authType = in.readUTF();
      Set<String> roles = new TreeSet<>();
      for (int left = in.readUnsignedShort(); left > 0; left--) {
        roles.add(in.readUTF());
      }
      String attribute = in.available() > 0 ? in.readUTF() : null;
      return new Login(name, authType.isEmpty() ? null : authType, roles, lasting, attribute);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "The login stored with a session cannot be read: " + e.getMessage(), e);
    }
  }
}
