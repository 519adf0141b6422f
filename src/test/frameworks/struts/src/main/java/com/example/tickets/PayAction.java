package com.example.tickets;

import java.util.Map;
import org.apache.struts2.ActionSupport;
import org.apache.struts2.action.SessionAware;

public class PayAction extends ActionSupport implements SessionAware {
  private Map<String, Object> session;
  private int total;

  @Override
  public String execute() {
    Integer paid = (Integer) session.get("paid");
    total = paid == null ? 1 : paid + 1;
    session.put("paid", total);
    return SUCCESS;
  }

  public int getTotal() {
    return total;
  }

  @Override
  public void withSession(Map<String, Object> session) {
    this.session = session;
  }
}
