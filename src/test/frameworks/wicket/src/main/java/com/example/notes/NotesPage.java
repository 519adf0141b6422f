package com.example.notes;

import org.apache.wicket.markup.html.WebPage;
import org.apache.wicket.markup.html.basic.Label;
import org.apache.wicket.markup.html.form.Form;
import org.apache.wicket.markup.html.form.TextField;
import org.apache.wicket.markup.html.link.Link;
import org.apache.wicket.markup.html.panel.FeedbackPanel;
import org.apache.wicket.model.Model;

/** A page with state of its own: a counter, a form, messages. */
public class NotesPage extends WebPage {
  private int count;

  public NotesPage() {
    add(new Label("count", () -> count));
    add(new Label("history", () -> NotesSession.get().getHistory()));
    add(
        new Link<Void>("up") {
          @Override
          public void onClick() {
            count++;
          }
        });
    add(new FeedbackPanel("feedback"));
    Model<String> text = Model.of("");
    Form<Void> form =
        new Form<>("form") {
          @Override
          protected void onSubmit() {
            NotesSession.get().add(text.getObject());
            getSession().success("noted " + text.getObject());
            setResponsePage(new NotesPage());
          }
        };
    form.add(new TextField<>("text", text).setRequired(true));
    add(form);
  }
}
