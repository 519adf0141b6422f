package com.example.shop;

import com.google.gwt.user.server.rpc.jakarta.XsrfProtectedServiceServlet;
import java.util.ArrayList;

/** Keeps the basket in the session. */
public class BasketServlet extends XsrfProtectedServiceServlet implements Basket {

  private static final long serialVersionUID = 1L;

  @Override
  @SuppressWarnings("unchecked")
  public ArrayList<String> add(String article) {
    var session = getThreadLocalRequest().getSession();
    ArrayList<String> articles = (ArrayList<String>) session.getAttribute("articles");
    if (articles == null) {
      articles = new ArrayList<>();
      session.setAttribute("articles", articles);
    }
    articles.add(article);
    return articles;
  }
}
