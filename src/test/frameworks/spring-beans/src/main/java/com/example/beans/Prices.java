package com.example.beans;

import org.springframework.stereotype.Service;

/** A singleton, as most services are; it is not serializable. */
@Service
public class Prices {
  public int of(String item) {
    return item.length() * 10;
  }
}
