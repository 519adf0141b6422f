package com.example.beans;

import java.io.Serializable;
import java.util.concurrent.CompletableFuture;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.scheduling.annotation.Async;
import org.springframework.stereotype.Component;

/** What the session holds is a proxy of the JDK that hands calls to another thread. */
@Component
@Scope(value = "session", proxyMode = ScopedProxyMode.INTERFACES)
public class SentLetters implements Letters, Serializable {
  private int count;

  @Async
  @Override
  public CompletableFuture<Integer> write(String text) {
    count++;
    return CompletableFuture.completedFuture(count);
  }
}
