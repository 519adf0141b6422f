package dev.holdfast.container.driver;

import java.io.File;
import org.apache.tomee.embedded.Configuration;
import org.apache.tomee.embedded.Container;

/**
 * Starts TomEE with one WAR at {@code /app} and the user {@code alice}; SIGTERM stops it.
 * Arguments: port, WAR, an empty directory.
 */
public final class TomEeNode {
  private TomEeNode() {}

  /** Says {@code NODE LISTENS} or {@code NODE FAILED} when it is known. */
  public static void main(String[] arguments) throws Exception {
    Configuration configuration =
        new Configuration()
            .http(Integer.parseInt(arguments[0]))
            .user("alice", "wonder")
            .role("alice", "user");
    configuration.setHost("127.0.0.1");
    configuration.setStopPort(-1);
    configuration.setDir(arguments[2]);
    Container container = new Container(configuration);
    Runtime.getRuntime().addShutdownHook(new Thread(container::close));
    try {
      container.deploy("app", new File(arguments[1]), true);
      System.out.println("NODE LISTENS");
      container.await();
    } catch (Exception e) {
      e.printStackTrace(System.out);
      System.out.println("NODE FAILED");
      System.exit(1);
    }
  }
}
