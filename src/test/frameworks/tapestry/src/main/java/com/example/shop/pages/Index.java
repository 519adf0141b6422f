package com.example.shop.pages;

import com.example.shop.Visitor;
import org.apache.tapestry5.PersistenceConstants;
import org.apache.tapestry5.annotations.Persist;
import org.apache.tapestry5.annotations.Property;
import org.apache.tapestry5.annotations.SessionState;
import org.apache.tapestry5.http.services.Request;
import org.apache.tapestry5.ioc.annotations.Inject;

/** The only page. */
public class Index {

  @SessionState(create = false)
  @Property
  private Visitor visitor;

  @Persist @Property private int clicks;

  @Persist(PersistenceConstants.FLASH)
  @Property
  private String hint;

  @Property private String name;

  @Property private String article;

  @Inject private Request request;

  void onSuccessFromLogin() {
    visitor = new Visitor();
    visitor.setName(name);
    hint = "Welcome, " + name;
  }

  /** Changes the visitor in place. */
  void onSuccessFromBasket() {
    visitor.getArticles().add(article);
  }

  void onActionFromClick() {
    clicks++;
  }

  void onActionFromLeave() {
    request.getSession(true).invalidate();
  }

  public String getWho() {
    return visitor == null ? "nobody" : visitor.getName() + " " + visitor.getArticles();
  }
}
