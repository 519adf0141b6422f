package com.example.tickets;

import org.apache.struts2.ActionSupport;

public class PrintAction extends ActionSupport {
  private String printed;

  @Override
  public String execute() throws InterruptedException {
    Thread.sleep(1500);
    printed = "two tickets";
    return SUCCESS;
  }

  public String getPrinted() {
    return printed;
  }
}
