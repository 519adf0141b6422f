package dev.holdfast.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The inspector's page as HTML: nodes, cookie, the id's change at login, and the hash in Redis. */
final class Panel {
  private final int self;
  private final Inspector.Findings found;
  private final StringBuilder html = new StringBuilder(8_192);

  Panel(int self, Inspector.Findings found) {
    this.self = self;
    this.found = found;
  }

  String html() {
    html.append(
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Session inspector</title>
        <link rel="stylesheet" href="/inspector/inspector.css">
        </head>
        <body class="node%d">
        <div class="top"><h1>Session inspector</h1><a href="/inspector/">Refresh</a></div>
        """
            .formatted(self));
    nodes();
    if (!found.redisAnswers()) {
      html.append(
          """
          <section><h2>Redis</h2>
          <p class="bad">Redis does not answer. Pages that need a session say 503 until it does; the others go on.</p>
          </section>
          """);
    } else if (found.token() == null) {
      html.append(
          """
          <section><h2>Session</h2>
          <p class="none" id="none">None. Your browser sent no session cookie, so nothing was asked of Redis.</p></section>
          """);
    } else if (found.stored() == null) {
      html.append(
          """
          <section><h2>Session</h2>
          <p class="none" id="none">The cookie <code>%s</code> (%s) opens no session: it is unknown, has expired or was
          logged out. Which of these, nobody is told.</p></section>
          """
              .formatted(escape(String.valueOf(found.cookieName())), found.token()));
    } else {
      cookie(found.token());
      redis(found.stored());
    }
    return html.append("</body>\n</html>\n").toString();
  }

  private void nodes() {
    html.append("<section><h2>Nodes</h2>\n<ul class=\"nodes\">\n");
    for (NodeStatus node : found.nodes()) {
      boolean runs = node.state() == NodeProcess.State.RUNNING;
      boolean here = node.number() == self;
      html.append(
          """
          <li class="%s"><span class="dot c%d"></span><b>%s</b> <span class="soft">:%d%s</span>%s
          <form method="post" action="/admin/nodes/%d/%s" target="_top"><button id="%s-%d" class="%s">%s</button></form></li>
          """
              .formatted(
                  runs ? "up" : "down",
                  node.number(),
                  escape(node.name()),
                  node.port(),
                  node.pid() == 0 ? "" : "<span class=\"pid\"> · pid " + node.pid() + "</span>",
                  here ? " <em>answered you</em>" : runs ? "" : " <i>stopped</i>",
                  node.number(),
                  runs ? "stop" : "start",
                  runs ? "stop" : "start",
                  node.number(),
                  runs ? "stop" : "start",
                  (runs ? "Stop " : "Start ") + escape(node.name())));
    }
    html.append("</ul></section>\n");
  }

  private void cookie(Token token) {
    String name = String.valueOf(found.cookieName());
    html.append("<section><h2>Cookie</h2>\n<p class=\"flags\"><code class=\"name\">")
        .append(escape(name))
        .append("</code> ");
    List<SentCookie> sent = found.sent();
    if (sent.isEmpty()) {
      html.append("</p>\n<p><code>")
          .append(escape(token.toString()))
          .append("</code></p>\n<p class=\"soft small\">")
          .append("It was sent before this demo was started, so its flags are not known here.")
          .append("</p></section>\n");
      return;
    }
    flags(sent.get(sent.size() - 1));
    html.append("</p>\n<ol class=\"ids\" id=\"ids\">\n");
    for (SentCookie cookie : sent) {
      boolean current = cookie.value().equals(token.shortened());
      html.append(
          """
          <li class="%s"><code>%s</code> <span class="soft">%s · %s</span>%s</li>
          """
              .formatted(
                  current ? "current" : "past",
                  escape(cookie.value()),
                  escape(cookie.request()),
                  escape(cookie.node()),
                  current ? " <em>good</em>" : " <i>dead</i>"));
    }
    html.append("</ol>\n<p class=\"soft small\">").append(story(sent)).append("</p></section>\n");
  }

  /** What the browser was told about the cookie, as it went over the wire. */
  private void flags(SentCookie cookie) {
    List<String> attributes = new ArrayList<>();
    for (String attribute : cookie.attributes().split(";")) {
      attributes.add(attribute.strip());
    }
    flag("Secure", "only over TLS or to localhost", contains(attributes, "Secure"));
    flag("HttpOnly", "no script reads it", contains(attributes, "HttpOnly"));
    if (attributes.stream().noneMatch(a -> a.toLowerCase(Locale.ROOT).startsWith("samesite"))) {
      flag("SameSite", "not set", false);
    }
    for (String attribute : attributes) {
      if (!attribute.equalsIgnoreCase("Secure") && !attribute.equalsIgnoreCase("HttpOnly")) {
        flag(attribute, "", true);
      }
    }
  }

  private static boolean contains(List<String> attributes, String name) {
    return attributes.stream().anyMatch(name::equalsIgnoreCase);
  }

  private void flag(String name, String why, boolean set) {
    html.append("<span class=\"flag ")
        .append(set ? "yes" : "no")
        .append("\" title=\"")
        .append(escape(why))
        .append("\">")
        .append(set ? "" : "no ")
        .append(escape(name))
        .append("</span> ");
  }

  /** The secret changes at login; the session's name, and so its key, stays. */
  private static String story(List<SentCookie> sent) {
    boolean login = sent.stream().anyMatch(cookie -> cookie.request().equals("POST /login"));
    if (sent.size() == 1) {
      return login
          ? "The login made this session, so there was no earlier id to replace."
          : "Log in and see it change.";
    }
    return (login ? "The login replaced the secret half" : "The secret half was replaced")
        + ": the old cookie opens nothing any more, while the key in Redis stays.";
  }

  private void redis(SessionReader.Stored stored) {
    long bytes = 0;
    for (Map.Entry<String, byte[]> field : stored.fields().entrySet()) {
      bytes += FieldText.length(field.getKey()) + field.getValue().length;
    }
    html.append(
        """
        <section><h2>In Redis</h2>
        <p class="key"><code>%s</code></p>
        <dl><div><dt>TTL</dt><dd id="ttl">%s</dd></div><div><dt>Fields</dt><dd>%d</dd></div>
        <div><dt>Content</dt><dd>%s</dd></div><div><dt>Memory</dt><dd>%s</dd></div></dl>
        <table id="fields"><thead><tr><th>Field</th><th class="number">Bytes</th><th>Value</th></tr></thead><tbody>
        """
            .formatted(
                escape(stored.key()),
                FieldText.duration(stored.ttlMillis()),
                stored.fields().size(),
                FieldText.size(bytes),
                stored.memory() == null ? "unknown" : FieldText.size(stored.memory())));
    for (Map.Entry<String, byte[]> field : stored.fields().entrySet()) {
      String name = field.getKey();
      String meaning = FieldText.meaning(name);
      html.append("<tr class=\"")
          .append(name.startsWith("a:") ? "attribute" : "metadata")
          .append("\"><td><code>")
          .append(escape(FieldText.printable(name)))
          .append("</code></td><td class=\"number\">")
          .append(field.getValue().length)
          .append("</td><td>")
          .append(meaning.isEmpty() ? "" : escape(meaning) + " ")
          .append("<code class=\"value\">")
          .append(escape(FieldText.preview(name, field.getValue())))
          .append("</code></td></tr>\n");
    }
    html.append("</tbody></table>\n<p class=\"soft small\">");
    html.append(
        "The secret of your cookie is not there, only its SHA-256: whoever reads Redis cannot log"
            + " in as you.</p></section>\n");
  }

  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
