package dev.holdfast.container.realm;

import com.sun.security.auth.UserPrincipal;
import java.io.IOException;
import java.util.Map;
import javax.security.auth.Subject;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.CallbackHandler;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.auth.login.FailedLoginException;
import javax.security.auth.login.LoginException;
import javax.security.auth.spi.LoginModule;

/** A site's own way to its users, as JAAS has it: root, whose password is toor. */
public final class OneUserLoginModule implements LoginModule {

  private Subject subject;
  private CallbackHandler handler;

  @Override
  public void initialize(
      Subject subject, CallbackHandler handler, Map<String, ?> shared, Map<String, ?> options) {
    this.subject = subject;
    this.handler = handler;
  }

  @Override
  public boolean login() throws LoginException {
    NameCallback name = new NameCallback("name");
    PasswordCallback password = new PasswordCallback("password", false);
    try {
      handler.handle(new Callback[] {name, password});
    } catch (IOException | UnsupportedCallbackException e) {
      throw new LoginException(e.toString());
    }
    if (!"root".equals(name.getName()) || !"toor".equals(new String(password.getPassword()))) {
      throw new FailedLoginException("not root");
    }
    return true;
  }

  @Override
  public boolean commit() {
    return subject.getPrincipals().add(new UserPrincipal("root"));
  }

  @Override
  public boolean abort() {
    return true;
  }

  @Override
  public boolean logout() {
    return subject.getPrincipals().removeIf(UserPrincipal.class::isInstance);
  }
}
