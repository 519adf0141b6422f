package dev.holdfast.container;

import jakarta.servlet.ServletContext;
import jakarta.servlet.SessionCookieConfig;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How the deployment configures its session cookie: what {@code SessionCookieConfig} says at the
 * moment, and what web.xml says where the container has no such object or it does not answer.
 *
 * <p>The container keeps a cookie of its own, for FORM login. Under one name each would overwrite
 * the other, so the container's gets another name. After that {@link #name()} still gives the name
 * that was configured.
 */
public final class ContainerCookie {
  private static final String CONTAINER_NAME = "JSESSIONID";
  private static final String CONTAINER_SUFFIX = "-container";

  /** RFC 6265bis, 4.1.3: a cookie with such a name has to be Secure. */
  private static final Pattern PREFIX = Pattern.compile("(?i)^__(?:Host|Secure)-");

  private final @Nullable SessionCookieConfig config;
  private final DeclaredCookie declared;
  private final String contextPath;
  private @Nullable String configuredName;
  private @Nullable String containersName;

  private ContainerCookie(
      @Nullable SessionCookieConfig config, DeclaredCookie declared, String contextPath) {
    this.config = config;
    this.declared = declared;
    this.contextPath = contextPath;
  }

  /** Keeps the container's configuration, which listeners of a context may not ask for later. */
  public static ContainerCookie of(ServletContext context, DeploymentDescriptor descriptor) {
    return new ContainerCookie(
        Answers.orNull(context::getSessionCookieConfig),
        descriptor.cookie(),
        context.getContextPath());
  }

  /**
   * The configured name; null when nobody has chosen one. Jetty and Undertow answer JSESSIONID
   * then.
   */
  public synchronized @Nullable String name() {
    String name = nameInUse();
    if (name != null && name.equals(containersName)) {
      return configuredName;
    }
    return CONTAINER_NAME.equals(name) && !CONTAINER_NAME.equals(declared.name()) ? null : name;
  }

  /** The name of the container's own cookie. */
  public String containersName() {
    String name = nameInUse();
    return name == null ? CONTAINER_NAME : name;
  }

  private @Nullable String nameInUse() {
    return said(SessionCookieConfig::getName, declared.name());
  }

  /**
   * The configured path; null when nobody has chosen one. Jetty and Undertow then answer the
   * context path.
   */
  public @Nullable String path() {
    String path = said(SessionCookieConfig::getPath, declared.path());
    return contextPath.equals(path) && declared.path() == null ? null : path;
  }

  public @Nullable String domain() {
    return said(SessionCookieConfig::getDomain, declared.domain());
  }

  public int maxAge() {
    return config == null ? declared.maxAge() : Answers.or(config::getMaxAge, declared.maxAge());
  }

  public boolean secure() {
    return config == null ? declared.secure() : Answers.or(config::isSecure, declared.secure());
  }

  public boolean httpOnlyRefused() {
    return declared.httpOnlyRefused();
  }

  /**
   * The configured attributes. Payara 6 and 7 have {@code getAttributes()} and throw in it; before
   * Servlet 6.0 there is none.
   */
  public Map<String, String> attributes() {
    return config == null
        ? declared.attributes()
        : Answers.or(() -> config.getAttributes(), declared.attributes());
  }

  /**
   * Leaves the configured name, if there is one, to our cookie. For containers that let it be
   * changed only until the listeners of the context have run.
   *
   * @throws IllegalArgumentException when the container keeps the name
   */
  public void leaveName() {
    String name = name();
    if (name != null) {
      leaveName(name);
    }
  }

  /**
   * Leaves {@code ours} to our cookie.
   *
   * @throws IllegalArgumentException when the container keeps the name
   */
  public synchronized void leaveName(String ours) {
    if (!ours.equals(nameInUse())) {
      return;
    }
    String other = PREFIX.matcher(ours).replaceFirst("") + CONTAINER_SUFFIX;
    try {
      if (config == null) {
        throw new UnsupportedOperationException("it has no SessionCookieConfig");
      }
      config.setName(other);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          "the container's own session cookie has the name "
              + ours
              + " too and cannot be renamed ("
              + e.getMessage()
              + "): name no cookie in <session-config>",
          e);
    }
    configuredName = ours;
    containersName = other;
  }

  private @Nullable String said(
      Function<SessionCookieConfig, @Nullable String> question, @Nullable String otherwise) {
    SessionCookieConfig asked = config;
    String answer = asked == null ? null : Answers.orNull(() -> question.apply(asked));
    return blankToNull(answer == null ? otherwise : answer);
  }

  private static @Nullable String blankToNull(@Nullable String text) {
    return text == null || text.isBlank() ? null : text.strip();
  }
}
