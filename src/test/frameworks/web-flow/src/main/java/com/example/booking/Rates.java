package com.example.booking;

/** A service; it has no state and is not serializable. */
public class Rates {
  public int price(Booking booking) {
    return 80 * booking.getNights();
  }
}
