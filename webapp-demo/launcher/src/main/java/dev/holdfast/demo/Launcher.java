package dev.holdfast.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The demo's front door: reads the command line and keeps the demo running until it is interrupted.
 */
public final class Launcher {
  private static final int FAILED = 1;
  private static final int MISUSED = 2;

  private Launcher() {}

  public static void main(String[] args) throws InterruptedException {
    if (Arrays.asList(args).contains("--help")) {
      System.out.print(Options.USAGE);
      return;
    }
    Options options;
    try {
      options = Options.parse(args, home());
    } catch (Options.Faults e) {
      System.err.println(e.getMessage());
      System.exit(MISUSED);
      return;
    }
    List<String> taken = portsTaken(options);
    if (!taken.isEmpty()) {
      taken.forEach(System.err::println);
      System.exit(FAILED);
    }
    Demo demo = new Demo(options);
    Runtime.getRuntime().addShutdownHook(new Thread(demo::close, "shutdown"));
    ParentWatch.startIfAsked();
    try {
      demo.start();
    } catch (IOException e) {
      System.err.println(e.getMessage());
      System.exit(FAILED);
    }
    demo.awaitEnd();
  }

  private static Path home() {
    try {
      Path jar =
          Path.of(Launcher.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return jar.toAbsolutePath().getParent();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<String> portsTaken(Options options) {
    List<String> faults = new ArrayList<>();
    for (int port : options.ports()) {
      try (ServerSocket probe = new ServerSocket()) {
        probe.setReuseAddress(true);
        probe.bind(new InetSocketAddress(InetAddress.getByName(options.bind()), port));
      } catch (IOException e) {
        faults.add(
            "Port "
                + port
                + " on "
                + options.bind()
                + " cannot be used ("
                + e.getMessage()
                + "); choose others with --port or --ports");
      }
    }
    return faults;
  }
}
