package com.example.beans;

import java.io.Serializable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.web.context.annotation.SessionScope;

/** What the session holds is a proxy that opens transactions, made at run time by CGLIB. */
@Component
@SessionScope
public class Account implements Serializable {
  private int balance;

  @Transactional
  public String pay(int amount) {
    balance += amount;
    return balance + " in a transaction: " + TransactionSynchronizationManager.isActualTransactionActive();
  }

  public int getBalance() {
    return balance;
  }
}
