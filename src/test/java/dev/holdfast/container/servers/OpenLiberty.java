package dev.holdfast.container.servers;

import dev.holdfast.redis.testing.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Open Liberty with Servlet, CDI and its own security, and a registry of one user. */
final class OpenLiberty implements Distribution {
  private static final String SERVER =
      """
      <server>
        <featureManager>
          <feature>servlet-6.0</feature>
          <feature>cdi-4.0</feature>
          <feature>appSecurity-5.0</feature>
        </featureManager>
        <logging consoleLogLevel="INFO" consoleFormat="TBASIC"/>
        <config updateTrigger="polled" monitorInterval="500ms"/>
        <applicationMonitor updateTrigger="polled" pollingRate="500ms"/>
        <httpEndpoint id="defaultHttpEndpoint" host="127.0.0.1" httpPort="%d" httpsPort="%d"/>
        <basicRegistry id="basic" realm="holdfast-test">
          <user name="alice" password="wonder"/>
          <group name="user"><member name="alice"/></group>
        </basicRegistry>
        %s
      </server>
      """;
  private static final String APPLICATION =
      "<webApplication location=\"%s\" contextRoot=\"/app\" name=\"app\"/>";

  @Override
  public String title() {
    return "Open Liberty 26.0.0.3";
  }

  @Override
  public Launch prepare(Path directory, Path war, int port) throws IOException {
    Path home = Distribution.home("open-liberty").resolve("wlp");
    Path server = Files.createDirectories(directory.resolve("usr/servers/defaultServer"));
    Files.writeString(
        server.resolve("server.xml"),
        SERVER.formatted(port, FreePorts.one(), APPLICATION.formatted(war.toAbsolutePath())));
    return new Launch(
        List.of(
            "-javaagent:" + home.resolve("bin/tools/ws-javaagent.jar"),
            "-Djava.awt.headless=true",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--add-opens=java.base/java.util=ALL-UNNAMED",
            "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
            "--add-exports=java.base/sun.security.action=ALL-UNNAMED",
            "-jar",
            home.resolve("bin/tools/ws-server.jar").toString(),
            "defaultServer"),
        Map.of(
            "WLP_USER_DIR", directory.resolve("usr").toString(),
            "WLP_OUTPUT_DIR", directory.resolve("output").toString()));
  }

  @Override
  public boolean isUp(String line) {
    return line.contains("CWWKZ0001I");
  }

  @Override
  public boolean hasFailed(String line) {
    return line.contains("CWWKZ0002E") || line.contains("CWWKZ0012I");
  }

  @Override
  public boolean undeploy(Path directory) throws IOException {
    Path server = directory.resolve("usr/servers/defaultServer/server.xml");
    Files.writeString(server, Files.readString(server).replaceAll("<webApplication [^>]*>", ""));
    return true;
  }

  @Override
  public boolean isUndeployed(String line) {
    return line.contains("CWWKZ0009I");
  }

  @Override
  public boolean complains(String line) {
    return line.matches(".* dev\\.holdfast\\S* +[WE] .*");
  }
}
