package com.example.shop;

import jakarta.faces.context.FacesContext;
import jakarta.faces.view.ViewScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.Serializable;

/** A form of three pages that lives as long as its view. */
@Named
@ViewScoped
public class Order implements Serializable {

  private static final long serialVersionUID = 1L;

  @Inject private Visitor visitor;

  private int step = 1;
  private String street;
  private String city;

  public void next() {
    step++;
  }

  public String send() {
    FacesContext.getCurrentInstance()
        .getExternalContext()
        .getFlash()
        .put("hint", visitor.getName() + " ordered to " + street + ", " + city);
    return "basket?faces-redirect=true";
  }

  public int getStep() {
    return step;
  }

  public String getStreet() {
    return street;
  }

  public void setStreet(String street) {
    this.street = street;
  }

  public String getCity() {
    return city;
  }

  public void setCity(String city) {
    this.city = city;
  }
}
