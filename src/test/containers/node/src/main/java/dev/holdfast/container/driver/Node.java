package dev.holdfast.container.driver;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.logging.ConsoleHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/**
 * A container in a JVM of its own.
 *
 * <p>Arguments: an empty directory, levels of java.util.logging like {@code INFO,io.netty=ALL},
 * then context path and WAR by turns. It says {@code NODE LISTENS <port>} or {@code NODE FAILED
 * <reason>} on its standard output. {@code stop} on its standard input stops it in order; {@code
 * redeploy <context path>}, {@code reload <context path>} and {@code leaks} are answered by a line
 * {@code NODE ANSWERS}. The end of that input means that whoever started it is gone, and it goes
 * too.
 */
public final class Node {

  /** Held, because the LogManager forgets a logger that nobody holds. */
  private static final List<Logger> CONFIGURED = new ArrayList<>();

  private Node() {}

  public static void main(String[] args) {
    logToStandardError(args[1].split(","));
    Map<String, Path> wars = new LinkedHashMap<>();
    for (int i = 2; i < args.length; i += 2) {
      wars.put(args[i], Path.of(args[i + 1]));
    }
    Driver driver = ServiceLoader.load(Driver.class).findFirst().orElseThrow();
    Thread commands = new Thread(() -> obey(driver), "node-commands");
    commands.start();
    try {
      int port = driver.start(Path.of(args[0]), wars);
      System.out.println("NODE LISTENS " + port);
    } catch (Throwable e) {
      e.printStackTrace();
      System.out.println("NODE FAILED " + e);
      System.out.flush();
      Runtime.getRuntime().halt(1);
    }
  }

  private static void obey(Driver driver) {
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.equals("stop")) {
          driver.stop();
          System.out.println("NODE STOPPED");
          System.exit(0);
        }
        System.out.println("NODE ANSWERS " + answer(driver, line));
      }
      Runtime.getRuntime().halt(2);
    } catch (IOException e) {
      Runtime.getRuntime().halt(2);
    } catch (Exception e) {
      e.printStackTrace();
      Runtime.getRuntime().halt(1);
    }
  }

  private static String answer(Driver driver, String command) {
    try {
      if (command.startsWith("redeploy ")) {
        driver.redeploy(command.substring("redeploy ".length()));
        return "ok";
      }
      if (command.startsWith("reload ")) {
        driver.reload(command.substring("reload ".length()));
        return "ok";
      }
      return command.equals("leaks") ? String.join(",", driver.leaks()) : "what?";
    } catch (Exception e) {
      e.printStackTrace();
      return "failed " + e;
    }
  }

  private static void logToStandardError(String[] levels) {
    System.setProperty(
        "java.util.logging.SimpleFormatter.format", "%1$tT.%1$tL %4$s %3$s: %5$s%6$s%n");
    LogManager.getLogManager().reset();
    Handler handler = new ConsoleHandler();
    handler.setLevel(Level.ALL);
    handler.setFormatter(new SimpleFormatter());
    Logger root = Logger.getLogger("");
    root.addHandler(handler);
    root.setLevel(Level.parse(levels[0]));
    for (int i = 1; i < levels.length; i++) {
      String[] nameAndLevel = levels[i].split("=");
      Logger logger = Logger.getLogger(nameAndLevel[0]);
      logger.setLevel(Level.parse(nameAndLevel[1]));
      CONFIGURED.add(logger);
    }
  }
}
