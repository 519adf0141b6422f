package dev.holdfast.servlet;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import java.io.IOException;

/** Ends the request's scope when its asynchronous part has ended. */
final class EndOfAsync implements AsyncListener {
  private final RequestScope scope;

  EndOfAsync(RequestScope scope) {
    this.scope = scope;
  }

  @Override
  public void onComplete(AsyncEvent event) throws IOException {
    scope.end();
  }

  @Override
  public void onTimeout(AsyncEvent event) {
    // onComplete follows.
  }

  @Override
  public void onError(AsyncEvent event) {
    // onComplete follows.
  }

  @Override
  public void onStartAsync(AsyncEvent event) {
    // The wrapped request adds a listener of its own each time.
  }
}
