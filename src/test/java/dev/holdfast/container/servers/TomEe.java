package dev.holdfast.container.servers;

import java.nio.file.Path;
import java.util.List;

/** TomEE, embedded: Tomcat with OpenWebBeans and EJB. */
final class TomEe implements Distribution {
  @Override
  public String title() {
    return "TomEE 10";
  }

  @Override
  public Launch prepare(Path directory, Path war, int port) {
    Path libraries = Distribution.home("tomee").resolve("lib");
    return new Launch(
        List.of(
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--add-opens=java.base/java.util=ALL-UNNAMED",
            "-cp",
            libraries + "/*",
            "dev.holdfast.container.driver.TomEeNode",
            "" + port,
            war.toString(),
            directory.resolve("base").toString()));
  }

  @Override
  public boolean isUp(String line) {
    return line.equals("NODE LISTENS");
  }

  @Override
  public boolean hasFailed(String line) {
    return line.equals("NODE FAILED") || line.contains("Context [/app] startup failed");
  }

  @Override
  public boolean complains(String line) {
    return line.matches("(WARNING|SEVERE).*oldfast.*");
  }
}
