package dev.holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.HexFormat;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The stored form of a login: bytes that are in Redis stay readable. */
class LoginTest {
  private static final String STORED =
      "0101000361646100044241534900020005" + "61646d696e" + "000475736572";

  @Test
  void aLoginAtTheContainerIsStoredAsEver() {
    Login login = new Login("ada", "BASI", Set.of("user", "admin"), true);

    assertThat(HexFormat.of().formatHex(login.toBytes())).isEqualTo(STORED);
    assertThat(Login.fromBytes(HexFormat.of().parseHex(STORED))).isEqualTo(login);
    assertThat(login.isByAttribute()).isFalse();
  }

  @Test
  void aLoginByAnAttributeKeepsWhichOne() {
    Login login = Login.byAttribute("ada", "username");

    Login read = Login.fromBytes(login.toBytes());

    assertThat(read).isEqualTo(login);
    assertThat(read.attribute()).isEqualTo("username");
    assertThat(read.lasting()).as("the application answers for this user").isFalse();
  }

  @Test
  void whoDoesNotKnowOfAttributesReadsTheSameUser() throws IOException {
    byte[] stored = Login.byAttribute("ada", "username").toBytes();
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(stored));

    assertThat(in.readByte()).isEqualTo((byte) 1);
    assertThat(in.readBoolean()).as("lasting").isFalse();
    assertThat(in.readUTF()).isEqualTo("ada");
    assertThat(in.readUTF()).as("authType").isEmpty();
    assertThat(in.readUnsignedShort()).as("roles").isZero();
  }
}
