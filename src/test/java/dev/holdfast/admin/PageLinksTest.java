package dev.holdfast.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.admin.PageLinks.Kind;
import dev.holdfast.admin.UsersPage.UserRow;
import dev.holdfast.session.UserPage.UserSummary;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageLinksTest {
  private final PageLinks links = new PageLinks("a secret", "holdfast:shop");

  @ParameterizedTest
  @ValueSource(strings = {"", "ada", "\ud800 alone", "\ud83d\ude00", "a&b=c\n\"<"})
  void whatAPageGaveOutIsReadByEveryNodeAndSaysNothing(String text) {
    String link = links.of(Kind.USER, text);

    assertThat(link).matches("[A-Za-z0-9_-]+").isEqualTo(links.of(Kind.USER, text));
    assertThat(new PageLinks("a secret", "holdfast:shop").read(Kind.USER, link)).isEqualTo(text);
    if (!text.isEmpty()) {
      assertThat(new String(Base64.getUrlDecoder().decode(link))).doesNotContain(text);
    }
  }

  private String users(String... names) {
    Instant now = Instant.EPOCH;
    List<UserRow> rows =
        Arrays.stream(names)
            .map(name -> new UserRow(new UserSummary(name, 1, now), links.of(Kind.USER, name)))
            .toList();
    Html html = new Html(now);
    new UsersPage(rows, rows.get(rows.size() - 1).link(), false).writeTo(html);
    return html.toString();
  }

  @Test
  void aNameThatIsTooLongForAnAddressIsCarriedByAForm() {
    String longest = "a".repeat(1_000);
    String tooLong = "a".repeat(3_000);

    assertThat(users(longest))
        .contains("<a href=\"user?at=" + links.of(Kind.USER, longest) + "\">")
        .contains("<a href=\"users?after=" + links.of(Kind.USER, longest) + "\"")
        .doesNotContain("<form");
    assertThat(users("ada", tooLong))
        .doesNotContainPattern("href=\"[^\"]{2900,}\"")
        .contains("<a href=\"user?at=" + links.of(Kind.USER, "ada") + "\">")
        .contains(button("user", "quiet", "at", tooLong))
        .contains(button("users", "button", "after", tooLong));
  }

  private String button(String page, String look, String parameter, String name) {
    return "<form method=\"post\" action=\"%s\"><button class=\"%s\" name=\"%s\" value=\"%s\">"
        .formatted(page, look, parameter, links.of(Kind.USER, name));
  }

  @Test
  void whatNoPageGaveOutIsNotRead() {
    String link = links.of(Kind.USER, "ada");
    char last = link.charAt(5);
    String changed = link.substring(0, 5) + (last == 'A' ? 'B' : 'A') + link.substring(6);

    assertThat(links.read(Kind.USER, changed)).isNull();
    assertThat(links.read(Kind.SESSION, link)).as("of another kind").isNull();
    assertThat(new PageLinks("another", "holdfast:shop").read(Kind.USER, link)).isNull();
    assertThat(new PageLinks("a secret", "holdfast:blog").read(Kind.USER, link)).isNull();
    for (String madeUp : new String[] {"", "A", "ada", "!", "AAAAAAAAAAAAAAAA", "\u00e4"}) {
      assertThat(links.read(Kind.USER, madeUp)).as(madeUp).isNull();
    }
    assertThat(links.read(Kind.USER, null)).isNull();
  }
}
