package com.example.beans;

import jakarta.servlet.http.HttpSession;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
public class BeansController {
  private final Cart cart;
  private final Preferences preferences;
  private final Account account;
  private final Letters letters;
  private final Wallet wallet;

  public BeansController(
      Cart cart, Preferences preferences, Account account, Letters letters, Wallet wallet) {
    this.cart = cart;
    this.preferences = preferences;
    this.account = account;
    this.letters = letters;
    this.wallet = wallet;
  }

  @PostMapping("/cart")
  public String add(@RequestParam String item) {
    cart.add(item);
    return "cart " + cart.getItems();
  }

  @GetMapping("/cart")
  public String cart() {
    return "cart " + cart.getItems();
  }

  @PostMapping("/color")
  public String color(@RequestParam String color) {
    String before = preferences.getColor();
    preferences.setColor(color);
    return "color " + color + " after " + before;
  }

  @PostMapping("/pay")
  public String pay(@RequestParam int amount) {
    return "balance " + account.pay(amount);
  }

  @PostMapping("/write")
  public String write() {
    return "letters " + letters.write("dear").join();
  }

  @PostMapping("/buy")
  public String buy(@RequestParam String item) {
    return "spent " + wallet.buy(item);
  }

  @PostMapping("/end")
  public String end(HttpSession session) {
    session.invalidate();
    return "ended";
  }
}
