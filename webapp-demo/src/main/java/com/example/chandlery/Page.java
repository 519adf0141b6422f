package com.example.chandlery;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The frame around every page: head line, the page's own part, and the panel when there is one. */
final class Page {
  private Page() {}

  /** Writes a page that nobody may keep: neither a cache nor the browser's back button. */
  static void writePrivate(
      HttpServletRequest request, HttpServletResponse response, String title, String main)
      throws IOException {
    response.setHeader("Cache-Control", "no-store");
    write(request, response, title, main);
  }

  /** Writes a page. {@code title} is plain text, {@code main} is HTML. */
  static void write(
      HttpServletRequest request, HttpServletResponse response, String title, String main)
      throws IOException {
    Site site = new Site(request);
    String base = request.getContextPath();
    byte[] body = page(site, base, title, main).getBytes(StandardCharsets.UTF_8);
    response.setContentType("text/html");
    response.setCharacterEncoding("UTF-8");
    response.setHeader(
        "Content-Security-Policy",
        "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self';"
            + " frame-ancestors 'self'; base-uri 'none'");
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setHeader("Referrer-Policy", "same-origin");
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }

  private static String page(Site site, String base, String title, String main) {
    String panel = site.panel();
    return """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>%s · The Chandlery</title>
    <link rel="icon" href="%s/icons/anchor.svg">
    <link rel="stylesheet" href="%s/style.css">
    </head>
    <body class="node%d%s">
    <header>
    <a class="brand" href="%s/"><img src="%s/icons/anchor.svg" alt="" width="26" height="26">The Chandlery</a>
    <nav aria-label="Nodes">%s</nav>
    </header>
    <main>
    %s
    </main>
    %s</body>
    </html>
    """
        .formatted(
            Text.html(title),
            base,
            base,
            site.position(),
            panel == null ? "" : " with-panel",
            base,
            base,
            nodes(site),
            main,
            panel == null
                ? ""
                : "<aside><iframe src=\"%s\" title=\"Session inspector\"></iframe></aside>\n"
                    .formatted(Text.html(panel)));
  }

  private static String nodes(Site site) {
    String here = site.node();
    StringBuilder html = new StringBuilder();
    html.append("<span class=\"answered\">answered by</span>");
    if (site.position() == 0) {
      html.append("<strong class=\"here\">").append(Text.html(here)).append("</strong>");
    }
    for (Site.Node node : site.nodes()) {
      if (node.name().equals(here)) {
        html.append("<strong class=\"here\" id=\"node\">")
            .append(Text.html(node.name()))
            .append("</strong>");
      } else {
        html.append("<a href=\"")
            .append(Text.html(site.url(node, "/dashboard")))
            .append("\">")
            .append(Text.html(node.name()))
            .append("</a>");
      }
    }
    return html.toString();
  }
}
