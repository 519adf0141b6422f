package dev.holdfast.container.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Payara Micro without its cluster, and the realm that it has by itself. */
final class PayaraMicro implements Distribution {
  private static final String COMMANDS =
      """
      set configs.config.server-config.security-service.activate-default-principal-to-role-mapping=true
      create-file-user --groups user --passwordfile %s alice
      """;

  /** Before it listens: a listener that gets another address later may find its port in use. */
  private static final String FIRST_COMMANDS =
      """
      set configs.config.server-config.network-config.network-listeners.network-listener.http-listener.address=127.0.0.1
      """;

  @Override
  public String title() {
    return "Payara Micro 6";
  }

  @Override
  public Launch prepare(Path directory, Path war, int port) throws IOException {
    Path jar = Distribution.home("payara-micro").resolve("payara-micro.jar");
    Path password = directory.resolve("password");
    Files.writeString(password, "AS_ADMIN_USERPASSWORD=wonder\n");
    Path commands = directory.resolve("commands");
    Files.writeString(commands, COMMANDS.formatted(password));
    Path firstCommands = directory.resolve("first-commands");
    Files.writeString(firstCommands, FIRST_COMMANDS);
    Path renamed = directory.resolve("app.war");
    Files.copy(war, renamed);
    return new Launch(
        List.of(
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--add-opens=java.base/java.util=ALL-UNNAMED",
            "--add-opens=java.base/java.net=ALL-UNNAMED",
            "--add-opens=java.base/java.io=ALL-UNNAMED",
            "--add-opens=java.base/jdk.internal.loader=ALL-UNNAMED",
            "--add-opens=java.base/sun.net.www.protocol.jrt=ALL-UNNAMED",
            "--add-opens=java.base/sun.net.www.protocol.jar=ALL-UNNAMED",
            "--add-opens=java.naming/javax.naming.spi=ALL-UNNAMED",
            "--add-opens=java.rmi/sun.rmi.transport=ALL-UNNAMED",
            "--add-opens=java.logging/java.util.logging=ALL-UNNAMED",
            "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
            "-jar",
            jar.toString(),
            "--rootdir",
            directory.resolve("root").toString(),
            "--port",
            "" + port,
            "--nocluster",
            "--nohostaware",
            "--disablephonehome",
            "--prebootcommandfile",
            firstCommands.toString(),
            "--postbootcommandfile",
            commands.toString(),
            "--deploy",
            renamed.toString()));
  }

  @Override
  public boolean isUp(String line) {
    // "Successfully deployed" it says also of what has failed.
    return line.contains("Payara Micro URLs:");
  }

  @Override
  public boolean hasFailed(String line) {
    return line.contains("AS-WEB-CORE-00174") || line.contains("Failed to deploy");
  }

  @Override
  public boolean complains(String line) {
    return line.matches(".*\\[(WARNING|SEVERE)\\].*\\[dev\\.holdfast.*");
  }
}
