package dev.holdfast.backup.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.holdfast.backup.jdbc.testing.Postgres;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.naming.Context;
import javax.naming.NameNotFoundException;
import javax.naming.spi.InitialContextFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** A DataSource by its JNDI name. */
class DataSourceTest {
  private static final Map<String, Object> NAMES = new HashMap<>();
  private final Optional<String> before =
      Optional.ofNullable(System.getProperty(Context.INITIAL_CONTEXT_FACTORY));

  /** The names a container would have. */
  public static final class Names implements InitialContextFactory {
    @Override
    public Context getInitialContext(Hashtable<?, ?> environment) {
      return (Context)
          Proxy.newProxyInstance(
              Names.class.getClassLoader(),
              new Class<?>[] {Context.class},
              (proxy, method, arguments) -> {
                if (!method.getName().equals("lookup")) {
                  return null;
                }
                Object found = NAMES.get(arguments[0].toString());
                if (found == null) {
                  throw new NameNotFoundException(arguments[0].toString());
                }
                return found;
              });
    }
  }

  @BeforeEach
  void bind() {
    System.setProperty(Context.INITIAL_CONTEXT_FACTORY, Names.class.getName());
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(Postgres.database().url());
    NAMES.put("java:comp/env/jdbc/sessions", source);
    NAMES.put("jdbc/number", 42);
  }

  @AfterEach
  void unbind() {
    NAMES.clear();
    before.ifPresentOrElse(
        name -> System.setProperty(Context.INITIAL_CONTEXT_FACTORY, name),
        () -> System.clearProperty(Context.INITIAL_CONTEXT_FACTORY));
  }

  @Test
  void isFoundByItsFullNameAndByWhatComesBehindTheComponents() {
    for (String name : List.of("java:comp/env/jdbc/sessions", "jdbc/sessions")) {
      try (JdbcBackup backup = DatabaseContract.backup(name, "shop")) {
        backup.prepare();
        String locator = DatabaseContract.locator();
        backup.keep(List.of(DatabaseContract.copy(locator, 0, 1, "x")));

        assertThat(backup.find(locator)).isNotNull();
      }
    }
  }

  @Test
  void anythingElseOfThatNameStopsTheDeployment() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DatabaseContract.backup("jdbc/number", "shop"))
        .withMessageContaining("jdbc/number")
        .withMessageContaining("is a java.lang.Integer and not a javax.sql.DataSource");
  }
}
