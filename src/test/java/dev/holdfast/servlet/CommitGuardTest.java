package dev.holdfast.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.holdfast.servlet.Exchange.Kind;
import jakarta.servlet.ServletOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * When the session is saved while a body is written through {@link GuardedOutputStream} and {@link
 * GuardedWriter}: before its first byte leaves, and not for every line of a page. Which calls of
 * the response commit it, {@link SessionResponseTest} says.
 */
class CommitGuardTest {
  private static final int BUFFER = 400;

  /** One write of that many bytes counts as large. */
  private static final int LARGE = BUFFER / 4;

  private static final int PIECE = 10;
  private static final byte[] BYTES = new byte[PIECE];
  private static final char[] CHARS = "0123456789".toCharArray();
  private static final String TEXT = "0123456789";

  /** A few bytes written, or what is there sent. */
  private interface Part {
    void write(CommitGuardTest test) throws IOException;
  }

  private Exchange.Response container;
  private CommitGuard guard;

  private int saves;
  private boolean failing;

  /** Whether the session has changed since it was saved. */
  private boolean changed;

  /** What {@link #changed} was when the first byte left. */
  private boolean leftUnsaved;

  @BeforeEach
  void begin() {
    begin(Kind.TOMCAT);
  }

  private void begin(Kind kind) {
    container = response(kind);
    guard = new CommitGuard(container, this::save);
    saves = 0;
  }

  private Exchange.Response response(Kind kind) {
    Exchange.Response response = new Exchange(kind).response;
    response.setBufferSize(BUFFER);
    response.setCharacterEncoding(StandardCharsets.UTF_8.name());
    response.beforeFirstByte(() -> leftUnsaved = changed);
    return response;
  }

  private void save() {
    if (failing) {
      throw new IllegalStateException("cannot be saved");
    }
    saves++;
    changed = false;
  }

  private ServletOutputStream stream() {
    return new GuardedOutputStream(container.getOutputStream(), guard);
  }

  private PrintWriter writer() {
    return new GuardedWriter(container.getWriter(), guard);
  }

  /** As {@link SessionResponse#setContentLengthLong} does. */
  private void declareLength(long length) {
    guard.contentLength(length);
    container.setContentLengthLong(length);
  }

  /** As {@link SessionResponse#resetBuffer} does. */
  private void resetBuffer() {
    container.resetBuffer();
    guard.reset();
  }

  private void writePieces(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      stream().write(BYTES);
    }
  }

  /** The session changes before each part, until the response is on its way. */
  private void assertThatNothingLeavesUnsaved(Part part) throws IOException {
    for (int i = 0; i < 2 * BUFFER && !container.isCommitted(); i++) {
      changed = true;
      part.write(this);
    }
    assertThat(container.isCommitted()).as("on its way").isTrue();
    assertThat(leftUnsaved).as("left unsaved").isFalse();
  }

  private static Stream<Arguments> parts() {
    Map<String, Part> parts = new LinkedHashMap<>();
    parts.put("stream: write(int)", test -> test.stream().write('x'));
    parts.put("stream: write(byte[])", test -> test.stream().write(BYTES));
    parts.put("stream: write(byte[], int, int)", test -> test.stream().write(BYTES, 1, 8));
    parts.put("stream: write(ByteBuffer)", test -> test.stream().write(ByteBuffer.wrap(BYTES)));
    parts.put("stream: a large write", test -> test.stream().write(new byte[LARGE + 1]));
    parts.put("stream: print(String)", test -> test.stream().print(TEXT));
    parts.put("stream: a large print", test -> test.stream().print("x".repeat(LARGE + 1)));
    parts.put("stream: print(int)", test -> test.stream().print(12345));
    parts.put("stream: println()", test -> test.stream().println());
    parts.put("stream: println(String)", test -> test.stream().println(TEXT));
    parts.put("stream: flush()", test -> test.stream().flush());
    parts.put("stream: close()", test -> test.stream().close());
    parts.put("writer: write(int)", test -> test.writer().write('x'));
    parts.put("writer: write(char[])", test -> test.writer().write(CHARS));
    parts.put("writer: write(char[], int, int)", test -> test.writer().write(CHARS, 1, 8));
    parts.put("writer: write(String)", test -> test.writer().write(TEXT));
    parts.put("writer: write(String, int, int)", test -> test.writer().write(TEXT, 1, 8));
    parts.put("writer: a large write", test -> test.writer().write("x".repeat(LARGE + 1)));
    parts.put("writer: print(String)", test -> test.writer().print(TEXT));
    parts.put("writer: print(int)", test -> test.writer().print(12345));
    parts.put("writer: println()", test -> test.writer().println());
    parts.put("writer: println(String)", test -> test.writer().println(TEXT));
    parts.put("writer: append(CharSequence)", test -> test.writer().append(TEXT));
    parts.put("writer: printf(...)", test -> test.writer().printf("%d", 12345));
    parts.put(
        "writer: printf(Locale, ...)", test -> test.writer().printf(Locale.ROOT, "%d", 12345));
    parts.put("writer: flush()", test -> test.writer().flush());
    parts.put("writer: checkError()", test -> assertThat(test.writer().checkError()).isFalse());
    parts.put("writer: close()", test -> test.writer().close());
    List<Arguments> all = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      parts.forEach((name, part) -> all.add(argumentSet(kind + " " + name, kind, part)));
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("parts")
  void theSessionIsSavedBeforeTheFirstByteWhateverSendsIt(Kind kind, Part part) throws IOException {
    begin(kind);

    assertThatNothingLeavesUnsaved(part);
  }

  @ParameterizedTest
  @MethodSource("parts")
  void whatCannotBeSavedHoldsTheFirstByteBack(Kind kind, Part part) {
    begin(kind);
    failing = true;

    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 2 * BUFFER; i++) {
                part.write(this);
              }
            })
        .hasMessage("cannot be saved");
    assertThat(container.isCommitted()).isFalse();
  }

  @Test
  void aPageIsSavedWithThePieceThatFillsTheBufferAndNotBefore() throws IOException {
    writePieces(BUFFER / PIECE - 1);
    assertThat(saves).isZero();

    writePieces(1);
    assertThat(saves).isEqualTo(1);
  }

  @Test
  void textOfOneByteForEachCharacterCountsAsThat() {
    for (int i = 0; i < BUFFER / PIECE - 1; i++) {
      writer().print(TEXT);
    }
    assertThat(saves).isZero();

    writer().print(TEXT);
    assertThat(saves).isEqualTo(1);
  }

  @Test
  void oneWriteIsLargeFromAQuarterOfTheBufferOn() throws IOException {
    stream().write(new byte[LARGE - 1]);
    assertThat(saves).isZero();

    stream().write(new byte[LARGE]);
    assertThat(saves).isEqualTo(1);
  }

  @Test
  void afterTheFirstByteNothingIsSavedAnyMore() throws IOException {
    stream().flush();
    // The guard learns only by the next call that the flush has sent something.
    stream().flush();
    int before = saves;

    writePieces(2 * BUFFER / PIECE);
    stream().flush();
    guard.writing("text", 0, 4);
    guard.writing('x');

    assertThat(saves).isEqualTo(before);
  }

  // Encodings

  private static Stream<Arguments> texts() {
    return Stream.of(
            "UTF-8",
            "ISO-8859-1",
            "windows-1252",
            "UTF-16",
            "UTF-32",
            "Shift_JIS",
            "ISO-2022-JP",
            "GB18030")
        .flatMap(
            encoding ->
                Stream.of("plain", "gr\u00f6\u00dfe", "\u65e5\u672c", "\ud83d\ude80")
                    .map(text -> arguments(encoding, text)));
  }

  @ParameterizedTest
  @MethodSource("texts")
  void textCountsAsTheMostBytesItCanBecome(String encoding, String text) throws IOException {
    for (Part part :
        List.<Part>of(
            test -> test.writer().print(text),
            test -> text.chars().forEach(c -> test.writer().write(c)))) {
      begin(Kind.TOMCAT);
      container.setCharacterEncoding(encoding);
      assertThatNothingLeavesUnsaved(part);
    }
  }

  @Test
  void theEncodingAfterAResetCountsNotTheOneBefore() throws IOException {
    container.setCharacterEncoding("ISO-8859-1");
    writer().print(TEXT);
    container.reset();
    guard.reset();
    container.setCharacterEncoding("UTF-16");

    assertThatNothingLeavesUnsaved(test -> test.writer().print(TEXT));
  }

  // Length

  @Test
  void theDeclaredLengthIsSavedWithItsLastByteAndNotBefore() throws IOException {
    declareLength(2 * PIECE);
    changed = true;

    writePieces(1);
    assertThat(saves).isZero();

    writePieces(1);
    assertThat(container.isCommitted()).isTrue();
    assertThat(leftUnsaved).isFalse();
  }

  @Test
  void aLengthThatIsDeclaredWhenTheBodyIsThereCompletesIt() throws IOException {
    writePieces(2);
    assertThat(saves).isZero();
    changed = true;

    declareLength(2 * PIECE);

    assertThat(container.isCommitted()).isTrue();
    assertThat(leftUnsaved).isFalse();
  }

  @Test
  void aLengthThatTheBodyHasNotReachedSendsNothing() throws IOException {
    declareLength(0);
    assertThat(saves).as("nothing is there that could leave").isZero();

    declareLength(BUFFER);
    writePieces(2);
    declareLength(2 * PIECE + 1);
    assertThat(saves).as("one byte is missing").isZero();
  }

  @Test
  void aLengthThatIsTakenBackCountsNoMore() throws IOException {
    guard.contentLength(PIECE);
    guard.contentLength(-1);

    writePieces(2);

    assertThat(saves).isZero();
  }

  // Text of unknown length

  /** A format may have left the buffer all but full. */
  @Test
  void afterAFormatEachWriteMayBeTheOneThatFillsTheBuffer() {
    writer().printf("%" + (BUFFER - 1) + "s", "x");
    assertThat(container.isCommitted()).isFalse();
    changed = true;

    writer().print("x");

    assertThat(container.isCommitted()).isTrue();
    assertThat(leftUnsaved).isFalse();
  }

  @Test
  void aFormatIsForgottenWithTheBufferItFilled() throws IOException {
    writer().printf("%d", 12345);
    int before = saves;
    container.reset();
    guard.reset();

    writePieces(2);

    assertThat(saves).isEqualTo(before);
  }

  // The buffer

  @Test
  void aBodyThatWasThrownAwayDoesNotCount() throws IOException {
    writePieces(BUFFER / PIECE - 1);
    resetBuffer();

    writePieces(BUFFER / PIECE - 1);

    assertThat(saves).isZero();
  }

  @Test
  void aSmallerBufferIsFullEarlier() throws IOException {
    writePieces(1);
    resetBuffer();
    container.setBufferSize(5 * PIECE);
    guard.bufferResized();

    assertThatNothingLeavesUnsaved(test -> test.stream().write(BYTES));
  }

  @Test
  void aLargerBufferIsFullLater() throws IOException {
    writePieces(1);
    resetBuffer();
    container.setBufferSize(2 * BUFFER);
    guard.bufferResized();

    writePieces(2 * BUFFER / PIECE - 1);

    assertThat(saves).isZero();
  }

  // Parts of a request

  @Test
  void theNextPartOfTheRequestFillsTheSameBuffer() throws IOException {
    writePieces(BUFFER / PIECE - 1);
    guard.partBegins(container);
    changed = true;

    writePieces(1);

    assertThat(container.isCommitted()).isTrue();
    assertThat(leftUnsaved).isFalse();
  }

  /** An error page gets an open response, whatever has become of the one before. */
  @Test
  void aPartWithAnotherResponseIsSavedUntilTheFirstByteOfThat() throws IOException {
    stream().flush();
    stream().flush();
    container = response(Kind.TOMCAT);
    guard.partBegins(container);
    changed = true;

    writer().printf("%d", 12345);
    assertThat(changed).as("after what may send the first byte").isFalse();
    assertThat(container.isCommitted()).isFalse();

    changed = true;
    writer().flush();
    assertThat(container.isCommitted()).isTrue();
    assertThat(leftUnsaved).isFalse();
  }
}
