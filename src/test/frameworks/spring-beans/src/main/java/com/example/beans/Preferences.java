package com.example.beans;

import java.io.Serializable;
import org.springframework.stereotype.Component;
import org.springframework.web.context.annotation.SessionScope;

/** Not told of anything. */
@Component
@SessionScope
public class Preferences implements Serializable {
  private String color = "none";

  public String getColor() {
    return color;
  }

  public void setColor(String color) {
    this.color = color;
  }
}
