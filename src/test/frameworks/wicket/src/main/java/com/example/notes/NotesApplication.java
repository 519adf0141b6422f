package com.example.notes;

import org.apache.wicket.Page;
import org.apache.wicket.Session;
import org.apache.wicket.protocol.http.WebApplication;
import org.apache.wicket.request.Request;
import org.apache.wicket.request.Response;

public class NotesApplication extends WebApplication {
  @Override
  public Class<? extends Page> getHomePage() {
    return NotesPage.class;
  }

  @Override
  protected void init() {
    super.init();
    mountPage("/notes", NotesPage.class);
  }

  @Override
  public Session newSession(Request request, Response response) {
    return new NotesSession(request);
  }
}
