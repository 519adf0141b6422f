package dev.holdfast.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.faces.util.LRUMap;
import dev.holdfast.api.UnencodableValueException;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import java.io.Serializable;
import java.lang.reflect.Constructor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.wicket.markup.IMarkupResourceStreamProvider;
import org.apache.wicket.markup.html.WebPage;
import org.apache.wicket.mock.MockApplication;
import org.apache.wicket.pageStore.SerializedPage;
import org.apache.wicket.serialize.java.JavaSerializer;
import org.apache.wicket.util.resource.IResourceStream;
import org.apache.wicket.util.resource.StringResourceStream;
import org.apache.wicket.util.tester.WicketTester;
import org.hibernate.Hibernate;
import org.hibernate.LazyInitializationException;
import org.hibernate.Session;
import org.hibernate.SessionFactory;
import org.hibernate.cfg.Configuration;
import org.junit.jupiter.api.Test;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.web.csrf.DefaultCsrfToken;
import org.springframework.security.web.savedrequest.DefaultSavedRequest;

/** What frameworks put into a session, made by the frameworks themselves; no setting is needed. */
class FrameworkValuesTest {
  private final AttributeCodec codec = Codecs.ofTests();

  // Spring Security

  @Test
  void springSecuritysContextComesBackWithUserAndRoles() {
    User user =
        new User("ada", "secret", Set.of(role("ROLE_USER"), role("ROLE_ADMIN"), role("ROLE_X")));
    SecurityContextImpl context =
        new SecurityContextImpl(
            UsernamePasswordAuthenticationToken.authenticated(user, null, user.getAuthorities()));
    SecurityContextImpl read = Codecs.roundTrip(codec, context);
    assertThat(read).isEqualTo(context);
    assertThat(read.getAuthentication().isAuthenticated()).isTrue();
    assertThat(read.getAuthentication().getAuthorities())
        .extracting(Object::toString)
        .containsExactly("ROLE_ADMIN", "ROLE_USER", "ROLE_X");
    assertThat(read.getAuthentication().getPrincipal()).isInstanceOf(User.class);
  }

  private static SimpleGrantedAuthority role(String name) {
    return new SimpleGrantedAuthority(name);
  }

  @Test
  void springSecuritysOtherAttributesComeBack() {
    DefaultCsrfToken token =
        Codecs.roundTrip(codec, new DefaultCsrfToken("X-CSRF-TOKEN", "_csrf", "value"));
    assertThat(token.getToken()).isEqualTo("value");
    BadCredentialsException failure =
        Codecs.roundTrip(codec, new BadCredentialsException("no", new IllegalStateException("x")));
    assertThat(failure).hasMessage("no").hasCauseInstanceOf(IllegalStateException.class);
    DefaultSavedRequest request =
        new DefaultSavedRequest.Builder()
            .setScheme("https")
            .setServerName("shop.example")
            .setServerPort(443)
            .setRequestURI("/orders")
            .setRequestURL("https://shop.example/orders")
            .setServletPath("/orders")
            .setMethod("GET")
            .setParameters(Map.of("a", new String[] {"1"}))
            .build();
    assertThat(Codecs.roundTrip(codec, request).getRedirectUrl())
        .isEqualTo(request.getRedirectUrl());
  }

  // Hibernate

  @Test
  void detachedEntitiesOfHibernateComeBackLoadedOrLazyAsTheyWere() {
    try (SessionFactory factory = database()) {
      Customer customer;
      Object initialised;
      Object lazy;
      try (Session session = factory.openSession()) {
        customer = session.find(Customer.class, 1L);
        assertThat(customer.orders).hasSize(2);
        initialised = session.getReference(Customer.class, 2L);
        Hibernate.initialize(initialised);
        lazy = session.getReference(Customer.class, 3L);
      }
      assertThat(customer.orders.getClass().getName())
          .isEqualTo("org.hibernate.collection.spi.PersistentBag");

      Customer read = Codecs.roundTrip(codec, customer);
      assertThat(read.orders).containsExactly("anvil", "rocket");
      assertThat(read.orders.getClass()).isEqualTo(customer.orders.getClass());
      assertThat(Hibernate.isInitialized(read.tags)).isFalse();
      assertThatThrownBy(read.tags::size).isInstanceOf(LazyInitializationException.class);

      assertThat(initialised.getClass()).isNotEqualTo(Customer.class);
      assertThat(Codecs.roundTrip(codec, initialised)).isInstanceOf(Customer.class);
      assertThatThrownBy(() -> codec.encode(new ArrayList<>(List.of("x", lazy))))
          .isInstanceOf(UnencodableValueException.class)
          .hasMessageContaining("org.hibernate.proxy.pojo.bytebuddy.SerializableProxy")
          .hasMessageContaining("(at ArrayList[1]")
          .hasMessageContaining("codec.allow=");
    }
  }

  private static SessionFactory database() {
    SessionFactory factory =
        new Configuration()
            .addAnnotatedClass(Customer.class)
            .setProperty("hibernate.connection.url", "jdbc:h2:mem:zoo;DB_CLOSE_DELAY=-1")
            .setProperty("hibernate.hbm2ddl.auto", "create-drop")
            .buildSessionFactory();
    factory.inTransaction(
        session -> {
          for (long id = 1; id <= 3; id++) {
            Customer customer = new Customer();
            customer.id = id;
            customer.orders.addAll(List.of("anvil", "rocket"));
            customer.tags.add("vip");
            session.persist(customer);
          }
        });
    return factory;
  }

  @Entity
  static class Customer implements Serializable {
    @Id Long id;

    @ElementCollection(fetch = FetchType.LAZY)
    List<String> orders = new ArrayList<>();

    @ElementCollection(fetch = FetchType.LAZY)
    Set<String> tags = new TreeSet<>();
  }

  // JSF

  @Test
  void theViewStateOfMojarraComesBackWithItsBound() {
    Map<String, Object> views = new LRUMap<>(2);
    Map<String, Object> states = new LRUMap<>(15);
    states.put("1:2", new Object[] {new Object[] {"form", true, null}, new HashMap<>()});
    views.put("1", states);
    Map<String, Object> logical = Collections.synchronizedMap(views);

    Map<String, Object> read = Codecs.roundTrip(codec, logical);
    Map<?, ?> readStates = (Map<?, ?>) read.get("1");
    assertThat(readStates).isInstanceOf(LRUMap.class);
    assertThat((Object[]) ((Object[]) readStates.get("1:2"))[0])
        .containsExactly("form", true, null);
    read.put("2", 2);
    read.put("3", 3);
    assertThat(read).containsOnlyKeys("2", "3");
  }

  @Test
  void theViewCollectionOfMyFacesComesBack() throws Exception {
    String place = "org.apache.myfaces.application.viewstate.";
    Object views = make(place + "SerializedViewCollection");
    Object key = make(place + "SerializedViewKeyIntInt", 7, 9);
    var states = views.getClass().getDeclaredField("_serializedViews");
    states.setAccessible(true);
    @SuppressWarnings("unchecked")
    Map<Object, Object> content = (Map<Object, Object>) states.get(views);
    content.put(key, new Object[] {"state", new byte[] {1}});

    Object read = Codecs.roundTrip(codec, views);
    assertThat(((Object[]) ((Map<?, ?>) states.get(read)).get(key))[0]).isEqualTo("state");
  }

  private static Object make(String name, int... arguments) throws Exception {
    Constructor<?> constructor =
        arguments.length == 0
            ? Class.forName(name).getDeclaredConstructor()
            : Class.forName(name).getDeclaredConstructor(int.class, int.class);
    constructor.setAccessible(true);
    return arguments.length == 0
        ? constructor.newInstance()
        : constructor.newInstance(arguments[0], arguments[1]);
  }

  // Wicket

  @Test
  void wicketsSessionComesBackAndAPageIsRefused() {
    WicketTester tester = new WicketTester(new MockApplication());
    try {
      ShopPage page = tester.startPage(new ShopPage());
      page.clicks = 3;
      tester.getSession().info("added to the basket");
      org.apache.wicket.Session read = Codecs.roundTrip(codec, tester.getSession());
      assertThat(read.getId()).isEqualTo(tester.getSession().getId());
      assertThat(read.getFeedbackMessages().first().getMessage()).isEqualTo("added to the basket");

      byte[] bytes = new JavaSerializer("zoo").serialize(page);
      SerializedPage stored = new SerializedPage(page.getPageId(), bytes);
      assertThatThrownBy(() -> codec.encode(stored))
          .as("Wicket would read any class from it")
          .isInstanceOf(UnencodableValueException.class);

      assertThatThrownBy(() -> codec.encode(new ArrayList<>(List.of(page))))
          .isInstanceOf(UnencodableValueException.class)
          .hasMessageContaining("org.apache.wicket.")
          .hasMessageContaining("(at ArrayList[0]")
          .hasMessageContaining("codec.allow=org.apache.wicket.");
    } finally {
      tester.destroy();
    }
  }

  public static final class ShopPage extends WebPage implements IMarkupResourceStreamProvider {
    int clicks;

    @Override
    public IResourceStream getMarkupResourceStream(
        org.apache.wicket.MarkupContainer container, Class<?> type) {
      return new StringResourceStream("<html><body>shop</body></html>");
    }
  }
}
