package dev.holdfast.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A listener of the application, which hears of our context and not of the container's, and whose
 * changes are saved when it returns: the container may send the response after that.
 */
final class SavingAsyncListener implements AsyncListener {

  /** One of the four methods. */
  private interface Call {
    void on(AsyncListener listener, AsyncEvent event) throws IOException;
  }

  private final @Nullable AsyncListener listener;
  private final RequestScope scope;

  /**
   * @param listener null for one that only saves and ends the request
   */
  SavingAsyncListener(@Nullable AsyncListener listener, RequestScope scope) {
    this.listener = listener;
    this.scope = scope;
  }

  @Override
  public void onComplete(AsyncEvent event) throws IOException {
    try {
      tell(AsyncListener::onComplete, event);
    } finally {
      if (scope.async().heardOfTheEnd()) {
        scope.end();
      }
    }
  }

  @Override
  public void onTimeout(AsyncEvent event) throws IOException {
    try {
      tell(AsyncListener::onTimeout, event);
    } finally {
      scope.saveOrRefuse();
    }
  }

  @Override
  public void onError(AsyncEvent event) throws IOException {
    try {
      tell(AsyncListener::onError, event);
    } finally {
      scope.saveOrRefuse();
    }
  }

  /** The container forgets its listeners here; one that wants to hear more adds itself again. */
  @Override
  public void onStartAsync(AsyncEvent event) throws IOException {
    try {
      tell(AsyncListener::onStartAsync, event);
    } finally {
      scope.async().listensNoMore();
    }
  }

  private void tell(Call call, AsyncEvent event) throws IOException {
    AsyncListener told = listener;
    if (told != null) {
      AsyncContext context = event.getAsyncContext();
      AsyncEvent ours =
          new AsyncEvent(
              context == null ? null : SavingAsyncContext.of(context, scope),
              event.getSuppliedRequest(),
              event.getSuppliedResponse(),
              event.getThrowable());
      scope.act(() -> call.on(told, ours));
    }
  }
}
