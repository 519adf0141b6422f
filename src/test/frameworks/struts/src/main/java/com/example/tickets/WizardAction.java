package com.example.tickets;

import java.util.ArrayList;
import java.util.List;
import org.apache.struts2.ActionSupport;
import org.apache.struts2.interceptor.parameter.StrutsParameter;

public class WizardAction extends ActionSupport {
  private Integer seats;
  private List<String> names;
  private String name;

  @Override
  public String execute() {
    if (names == null) {
      names = new ArrayList<>();
    }
    if (name != null) {
      names.add(name);
    }
    return SUCCESS;
  }

  @Override
  public void validate() {
    if (seats != null && seats > 9) {
      addFieldError("seats", "nine seats at most");
    }
  }

  public Integer getSeats() {
    return seats;
  }

  @StrutsParameter
  public void setSeats(Integer seats) {
    this.seats = seats;
  }

  public List<String> getNames() {
    return names;
  }

  public void setNames(List<String> names) {
    this.names = names;
  }

  @StrutsParameter
  public void setName(String name) {
    this.name = name;
  }
}
