package com.example.tickets;

import org.apache.struts2.ActionSupport;

public class KeepAction extends ActionSupport {
  @Override
  public String execute() {
    addActionMessage("kept a message");
    addActionError("kept an error");
    addFieldError("seat", "kept a field error");
    return SUCCESS;
  }
}
