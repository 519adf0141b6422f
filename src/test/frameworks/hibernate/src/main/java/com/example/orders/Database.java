package com.example.orders;

import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.annotation.WebListener;
import java.util.function.Consumer;
import java.util.function.Function;
import org.hibernate.Session;
import org.hibernate.SessionFactory;
import org.hibernate.Transaction;
import org.hibernate.cfg.Configuration;

/** A database in memory, so each node has its own; all begin with the same orders. */
@WebListener
public class Database implements ServletContextListener {

  private static SessionFactory factory;

  @Override
  public void contextInitialized(ServletContextEvent event) {
    factory =
        new Configuration()
            .addAnnotatedClass(Customer.class)
            .addAnnotatedClass(Label.class)
            .addAnnotatedClass(Line.class)
            .addAnnotatedClass(Order.class)
            .setProperty("hibernate.connection.url", "jdbc:h2:mem:orders;DB_CLOSE_DELAY=-1")
            .setProperty("hibernate.hbm2ddl.auto", "create-drop")
            // By this name another node finds its own factory for a proxy that was not loaded.
            .setProperty("hibernate.session_factory_name", "orders")
            .setProperty("hibernate.session_factory_name_is_jndi", "false")
            .buildSessionFactory();
    inTransaction(Database::fill);
  }

  @Override
  public void contextDestroyed(ServletContextEvent event) {
    factory.close();
  }

  private static void fill(Session session) {
    Customer ada = new Customer(1L, "ada");
    Label fragile = new Label("fragile");
    session.persist(ada);
    for (long id = 1; id <= 4; id++) {
      Order order = new Order(id, ada);
      order.add("rope");
      order.add("anchor");
      order.getLabels().add(fragile);
      order.getAddresses().put("home", "Long Lane");
      session.persist(order);
    }
  }

  static <T> T with(Function<Session, T> work) {
    try (Session session = factory.openSession()) {
      return work.apply(session);
    }
  }

  static void inTransaction(Consumer<Session> work) {
    try (Session session = factory.openSession()) {
      Transaction transaction = session.beginTransaction();
      work.accept(session);
      transaction.commit();
    }
  }
}
