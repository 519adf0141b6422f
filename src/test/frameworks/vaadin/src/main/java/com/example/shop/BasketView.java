package com.example.shop;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.NativeButton;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.router.Route;
import com.vaadin.flow.server.VaadinSession;

/** Counts the clicks of this view in itself and those of all views of the visitor in the session. */
@Route("")
public class BasketView extends Div {

  private static final long serialVersionUID = 1L;

  private final Span here = new Span("here 0");
  private final Span everywhere = new Span();
  private int clicks;

  public BasketView() {
    everywhere.setText("everywhere " + all());
    add(here, everywhere, new NativeButton("Add", click -> count()));
  }

  private void count() {
    clicks++;
    VaadinSession.getCurrent().setAttribute("all", all() + 1);
    here.setText("here " + clicks);
    everywhere.setText("everywhere " + all());
  }

  private static int all() {
    Integer all = (Integer) VaadinSession.getCurrent().getAttribute("all");
    return all == null ? 0 : all;
  }
}
