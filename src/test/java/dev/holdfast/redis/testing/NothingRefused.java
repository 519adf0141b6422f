package dev.holdfast.redis.testing;

import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * When all tests run as the minimal user, fails every class after which the {@code ACL LOG} of the
 * Redis that they share is not empty; {@link RedisServer#close()} does so for the others. Found by
 * JUnit itself.
 */
public final class NothingRefused implements AfterAllCallback {
  @Override
  public void afterAll(ExtensionContext context) {
    if (MinimalUser.isDefault()) {
      List<String> refusals = RunningRedis.refusalsOfShared();
      if (!refusals.isEmpty()) {
        throw new AssertionError("The user of docker/users.acl was refused: " + refusals);
      }
    }
  }
}
