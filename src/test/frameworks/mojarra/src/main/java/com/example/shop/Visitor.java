package com.example.shop;

import jakarta.enterprise.context.SessionScoped;
import jakarta.faces.application.FacesMessage;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Named;
import java.io.Serializable;

/** Who is in the shop. */
@Named
@SessionScoped
public class Visitor implements Serializable {

  private static final long serialVersionUID = 1L;

  private String name = "";

  public String getName() {
    return name;
  }

  public void setName(String name) {
    this.name = name;
  }

  /** Greets by the flash, which outlives the redirect. */
  public String enter() {
    FacesContext faces = FacesContext.getCurrentInstance();
    faces.getExternalContext().getFlash().setKeepMessages(true);
    faces.addMessage(null, new FacesMessage("Welcome, " + name));
    faces.getExternalContext().getFlash().put("hint", "hint for " + name);
    return "basket?faces-redirect=true";
  }

  public String leave() {
    FacesContext.getCurrentInstance().getExternalContext().invalidateSession();
    return "index?faces-redirect=true";
  }
}
