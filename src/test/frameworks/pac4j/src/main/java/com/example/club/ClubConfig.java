package com.example.club;

import java.util.Optional;
import org.pac4j.core.authorization.authorizer.RequireAnyRoleAuthorizer;
import org.pac4j.core.client.Clients;
import org.pac4j.core.config.Config;
import org.pac4j.core.config.ConfigFactory;
import org.pac4j.core.matching.matcher.PathMatcher;
import org.pac4j.http.client.indirect.FormClient;
import org.pac4j.http.credentials.authenticator.test.SimpleTestUsernamePasswordAuthenticator;

public class ClubConfig implements ConfigFactory {
  @Override
  public Config build(Object... parameters) {
    FormClient form = new FormClient("/pac4j/login.jsp", new SimpleTestUsernamePasswordAuthenticator());
    form.addAuthorizationGenerator(
        (context, profile) -> {
          profile.addRole(profile.getId().equals("ada") ? "member" : "guest");
          return Optional.of(profile);
        });
    Config config = new Config(new Clients("/pac4j/callback", form));
    config.addAuthorizer("member", new RequireAnyRoleAuthorizer("member"));
    config.addMatcher("excluded", new PathMatcher().excludePath("/login.jsp"));
    return config;
  }
}
