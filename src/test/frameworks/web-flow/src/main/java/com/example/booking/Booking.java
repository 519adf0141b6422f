package com.example.booking;

import java.io.Serializable;
import org.springframework.binding.message.MessageBuilder;
import org.springframework.binding.validation.ValidationContext;

public class Booking implements Serializable {
  private String guest;
  private int nights;
  private int price;

  public String getGuest() {
    return guest;
  }

  public void setGuest(String guest) {
    this.guest = guest;
  }

  public int getNights() {
    return nights;
  }

  public void setNights(int nights) {
    this.nights = nights;
  }

  public int getPrice() {
    return price;
  }

  public void setPrice(int price) {
    this.price = price;
  }

  public void validateStay(ValidationContext context) {
    if (nights < 1) {
      context
          .getMessageContext()
          .addMessage(
              new MessageBuilder().error().source("nights").defaultText("one night at least").build());
    }
  }
}
