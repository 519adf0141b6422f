package com.example.shop;

import org.zkoss.zk.ui.Session;
import org.zkoss.zk.ui.Sessions;
import org.zkoss.zk.ui.select.SelectorComposer;
import org.zkoss.zk.ui.select.annotation.Listen;
import org.zkoss.zk.ui.select.annotation.Wire;
import org.zkoss.zul.Label;
import org.zkoss.zul.Textbox;
import org.zkoss.zul.Window;

/** Counts the clicks of this page in itself and those of all pages of the visitor in the session. */
public class BasketComposer extends SelectorComposer<Window> {

  private static final long serialVersionUID = 1L;

  @Wire private Textbox article;
  @Wire private Label here;
  @Wire private Label everywhere;

  private int clicks;

  @Listen("onClick = #add")
  public void add() {
    clicks++;
    Session session = Sessions.getCurrent();
    Integer all = (Integer) session.getAttribute("all");
    session.setAttribute("all", all == null ? 1 : all + 1);
    here.setValue(article.getValue() + " here " + clicks);
    everywhere.setValue("everywhere " + session.getAttribute("all"));
  }
}
