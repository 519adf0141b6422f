package dev.holdfast.preflight;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a WAR before Holdfast is put into it and says what will matter. Nothing is deployed, no
 * code of the application runs, and no Servlet API is needed.
 */
public final class Preflight {
  private Preflight() {}

  /**
   * Reads a WAR. What is damaged in it becomes a finding.
   *
   * @param war a WAR file, or the directory of an exploded one
   * @throws IOException when it is not there, cannot be read, is no WAR, or inflates to more than 4
   *     GiB; the message names it
   */
  public static PreflightReport of(Path war) throws IOException {
    try (WarFile file = WarFile.open(war)) {
      Application app = Application.read(file);
      List<Finding> findings = new ArrayList<>(app.troubles());
      findings.addAll(ServletLevel.of(app));
      findings.addAll(Libraries.of(app));
      DescriptorChecks descriptors = new DescriptorChecks(app);
      findings.addAll(descriptors.check());
      findings.addAll(Listeners.of(app));
      AttributeVerdicts verdicts = new AttributeVerdicts(app);
      List<StoredAttribute> attributes = new AttributeSearch(app.classes(), findings::add).find();
      findings.addAll(verdicts.judge(attributes));
      return new PreflightReport(
          war.toString(),
          findings,
          environment(app),
          verdicts.toAllow(),
          descriptors.needsFilter() ? DescriptorChecks.FILTER_XML : "");
    }
  }

  private static Map<String, String> environment(Application app) {
    Map<String, String> environment = new LinkedHashMap<>();
    if (!app.settings().containsKey("redis.uri")) {
      environment.put("HOLDFAST_REDIS_URI", "<redis://user:password@host:6379>");
    }
    boolean hasKey =
        app.settings().containsKey("encryption.keys")
            || app.settings().containsKey("encryption.keys-file");
    if (!hasKey) {
      environment.put("HOLDFAST_ENCRYPTION_KEYS", "<openssl rand -base64 32, once for all nodes>");
    }
    return environment;
  }
}
