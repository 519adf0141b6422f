package com.example.survey;

import jakarta.servlet.http.HttpServletRequest;
import org.apache.struts.action.ActionErrors;
import org.apache.struts.action.ActionMapping;
import org.apache.struts.action.ActionMessage;
import org.apache.struts.validator.ValidatorForm;

public class AddressForm extends ValidatorForm {
  private String street;
  private int changes;

  public String getStreet() {
    return street;
  }

  public void setStreet(String street) {
    this.street = street;
    changes++;
  }

  public int getChanges() {
    return changes;
  }

  @Override
  public ActionErrors validate(ActionMapping mapping, HttpServletRequest request) {
    ActionErrors errors = new ActionErrors();
    if (street == null || street.isEmpty()) {
      errors.add("street", new ActionMessage("street.missing"));
    }
    return errors;
  }
}
