package com.example.chandlery;

import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.List;

/**
 * Where this copy of the shop runs, as far as whoever runs it says so by context parameters: {@code
 * demo.node} (a name), {@code demo.nodes} ({@code name=port}, separated by blanks) and {@code
 * demo.panel} (the path of a page to show beside ours) and {@code demo.admin} (the path of one for
 * admins, below our own). Without them the node is called by its host and port, and there is no
 * panel.
 */
final class Site {
  private final HttpServletRequest request;
  private final ServletContext context;

  /** One copy of the shop, reached at {@code port} of the host the visitor used. */
  record Node(String name, int port) {}

  Site(HttpServletRequest request) {
    this.request = request;
    this.context = request.getServletContext();
  }

  String node() {
    String name = context.getInitParameter("demo.node");
    if (name == null) {
      name = System.getenv("HOLDFAST_DEMO_NODE");
    }
    return name != null ? name : request.getServerName() + ":" + request.getServerPort();
  }

  List<Node> nodes() {
    List<Node> nodes = new ArrayList<>();
    String setting = context.getInitParameter("demo.nodes");
    if (setting != null) {
      for (String entry : setting.trim().split("\\s+")) {
        int equals = entry.indexOf('=');
        nodes.add(
            new Node(entry.substring(0, equals), Integer.parseInt(entry.substring(equals + 1))));
      }
    }
    return nodes;
  }

  /** The address of {@code path} on another node; same host name, so that the cookie goes along. */
  String url(Node node, String path) {
    return request.getScheme()
        + "://"
        + request.getServerName()
        + ":"
        + node.port()
        + request.getContextPath()
        + path;
  }

  /** The path of the panel, or null when nobody offers one. */
  String panel() {
    return context.getInitParameter("demo.panel");
  }

  /** The address of a page for admins, or null when nobody offers one. */
  String admin() {
    String path = context.getInitParameter("demo.admin");
    return path == null ? null : request.getContextPath() + path;
  }

  /** The number of this node among all, from 1; 0 when it is not one of them. */
  int position() {
    List<Node> nodes = nodes();
    String name = node();
    for (int i = 0; i < nodes.size(); i++) {
      if (nodes.get(i).name().equals(name)) {
        return i + 1;
      }
    }
    return 0;
  }
}
