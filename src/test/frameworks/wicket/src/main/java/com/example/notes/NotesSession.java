package com.example.notes;

import java.util.ArrayList;
import java.util.List;
import org.apache.wicket.Session;
import org.apache.wicket.protocol.http.WebSession;
import org.apache.wicket.request.Request;

public class NotesSession extends WebSession {
  private final List<String> history = new ArrayList<>();

  public NotesSession(Request request) {
    super(request);
  }

  public static NotesSession get() {
    return (NotesSession) Session.get();
  }

  public List<String> getHistory() {
    return history;
  }

  public void add(String note) {
    history.add(note);
    dirty();
  }
}
