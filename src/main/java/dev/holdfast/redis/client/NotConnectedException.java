package dev.holdfast.redis.client;

/** A call was never sent, because there was no connection. */
final class NotConnectedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NotConnectedException(Throwable cause) {
    super(Faults.reason(cause), cause);
  }
}
