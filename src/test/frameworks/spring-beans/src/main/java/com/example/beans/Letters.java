package com.example.beans;

import java.util.concurrent.CompletableFuture;

public interface Letters {
  CompletableFuture<Integer> write(String text);
}
