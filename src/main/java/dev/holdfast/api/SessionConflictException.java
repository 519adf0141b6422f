package dev.holdfast.api;

/**
 * A request may not store what it changed: its session's id was rotated at a login elsewhere, other
 * nodes keep changing the same metadata, or, with {@code conflict=fail}, another node wrote an
 * attribute that this one changed in place. Nothing was acknowledged; the request is answered 409.
 */
public class SessionConflictException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public SessionConflictException(String message) {
    super(message);
  }
}
