package dev.holdfast.codec;

import dev.holdfast.codec.ListedClassesTest.Case;
import java.awt.Color;
import java.awt.Dimension;
import java.awt.Insets;
import java.awt.Point;
import java.awt.Rectangle;
import java.awt.geom.AffineTransform;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URL;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateFactory;
import java.sql.BatchUpdateException;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLInvalidAuthorizationSpecException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransactionRollbackException;
import java.sql.SQLTransientConnectionException;
import java.sql.SQLWarning;
import java.time.LocalDate;
import java.time.chrono.HijrahDate;
import java.time.chrono.JapaneseDate;
import java.time.chrono.JapaneseEra;
import java.time.chrono.MinguoDate;
import java.time.chrono.ThaiBuddhistChronology;
import java.time.chrono.ThaiBuddhistDate;
import java.time.temporal.WeekFields;
import java.util.ArrayList;
import java.util.Calendar;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SimpleTimeZone;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.DoubleAdder;
import javax.crypto.spec.SecretKeySpec;
import javax.security.auth.Subject;
import javax.security.auth.login.FailedLoginException;
import javax.security.auth.x500.X500Principal;
import javax.xml.datatype.DatatypeFactory;
import javax.xml.namespace.QName;

/** Values of the JDK for {@link ListedClassesTest}. */
final class ListedJdkValues {
  private static final List<Case> CASES = new ArrayList<>();

  private ListedJdkValues() {}

  private static void add(String name, Object value) {
    CASES.add(new Case(name, value));
  }

  static List<Case> kept() throws Exception {
    CASES.clear();
    calendars();
    valuesOfXmlAndAwt();
    keysAndFailures();
    collections();
    return List.copyOf(CASES);
  }

  private static void calendars() {
    add("Buddhist calendar", Calendar.getInstance(Locale.forLanguageTag("th-TH-u-ca-buddhist")));
    add("Japanese calendar", Calendar.getInstance(Locale.forLanguageTag("ja-JP-u-ca-japanese")));
    add("Gregorian calendar", Calendar.getInstance(TimeZone.getTimeZone("Asia/Tokyo")));
    add("SimpleTimeZone", new SimpleTimeZone(3_600_000, "X"));
    LocalDate date = LocalDate.of(2026, 11, 29);
    add("HijrahDate", HijrahDate.from(date));
    add("JapaneseDate", JapaneseDate.from(date));
    add("JapaneseEra", JapaneseEra.REIWA);
    add("MinguoDate", MinguoDate.from(date));
    add("ThaiBuddhistDate", ThaiBuddhistDate.from(date));
    add("ThaiBuddhistChronology", ThaiBuddhistChronology.INSTANCE);
    add("WeekFields", WeekFields.ISO);
    add("chrono date-time", JapaneseDate.from(date).atTime(java.time.LocalTime.NOON));
    add(
        "chrono zoned",
        JapaneseDate.from(date).atTime(java.time.LocalTime.NOON).atZone(java.time.ZoneOffset.UTC));
    add("chrono period", java.time.chrono.MinguoChronology.INSTANCE.period(1, 2, 3));
  }

  private static void valuesOfXmlAndAwt() throws Exception {
    add("QName", new QName("urn:x", "local", "p"));
    DatatypeFactory factory = DatatypeFactory.newInstance();
    add("XMLGregorianCalendar", factory.newXMLGregorianCalendar("2026-11-29T12:00:00.5+01:00"));
    add("XML Duration", factory.newDuration("P1Y2M3DT4H5M6.7S"));
    add("Color", new Color(1, 2, 3, 4));
    add("Point", new Point(1, 2));
    add("Dimension", new Dimension(1, 2));
    add("Rectangle", new Rectangle(1, 2, 3, 4));
    add("Insets", new Insets(1, 2, 3, 4));
    add("Point2D", new Point2D.Double(1, 2));
    add("Rectangle2D", new Rectangle2D.Double(1, 2, 3, 4));
    add("AffineTransform", AffineTransform.getScaleInstance(2, 3));
  }

  private static void keysAndFailures() throws Exception {
    add("SecretKeySpec", new SecretKeySpec(new byte[] {1, 2, 3}, "HmacSHA256"));
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    KeyPair pair = generator.generateKeyPair();
    add("EC public key", pair.getPublic());
    add("private key", pair.getPrivate());
    KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
    rsa.initialize(1024);
    add("RSA key", rsa.generateKeyPair().getPublic());
    try (InputStream in =
        ListedJdkValues.class.getResourceAsStream("/dev/holdfast/codec/ada.crt")) {
      add("X509Certificate", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    add("X500Principal", new X500Principal("CN=Ada, O=Acme"));
    add("FailedLoginException", new FailedLoginException("no"));
    for (Exception e :
        List.of(
            new SQLException("a", "b", 3),
            new SQLDataException("a"),
            new SQLWarning("a"),
            new SQLRecoverableException("a"),
            new SQLTransientConnectionException("a"),
            new SQLTransactionRollbackException("a"),
            new SQLNonTransientConnectionException("a"),
            new SQLInvalidAuthorizationSpecException("a"),
            new SQLFeatureNotSupportedException("a"),
            new BatchUpdateException("a", new int[] {1}),
            new java.sql.DataTruncation(1, true, true, 2, 3),
            new java.io.InterruptedIOException("a"),
            new java.nio.charset.MalformedInputException(2),
            new java.nio.file.AccessDeniedException("a"),
            new java.net.NoRouteToHostException("a"),
            new java.net.ProtocolException("a"),
            new java.security.GeneralSecurityException("a"),
            new java.security.NoSuchAlgorithmException("a"),
            new java.security.AccessControlException("a"),
            new javax.naming.NamingException("a"),
            new javax.net.ssl.SSLHandshakeException("a"),
            new java.util.concurrent.RejectedExecutionException("a"),
            new java.util.concurrent.BrokenBarrierException("a"),
            new java.util.DuplicateFormatFlagsException("a"),
            new java.util.UnknownFormatConversionException("a"),
            new java.time.zone.ZoneRulesException("a"),
            new java.time.temporal.UnsupportedTemporalTypeException("a"),
            new java.util.MissingResourceException("a", "b", "c"),
            new java.util.IllformedLocaleException("a"),
            new java.util.regex.PatternSyntaxException("a", "b", 0))) {
      add(e.getClass().getSimpleName(), e);
    }
  }

  private static void collections() throws Exception {
    add("URI", URI.create("https://shop.example/"));
    add("URI as key", new HashMap<>(Map.of(URI.create("https://shop.example/"), 1)));
    add("InetAddress as key", new HashMap<>(Map.of(InetAddress.getByName("192.0.2.1"), 1)));
    add(
        "unresolved InetSocketAddress as key",
        new HashMap<>(Map.of(InetSocketAddress.createUnresolved("shop.example", 80), 1)));
    add("DoubleAdder", new DoubleAdder());
    add("Semaphore", new Semaphore(2));
    add("synchronized map of a tree", Collections.synchronizedMap(new TreeMap<>(Map.of(1, 2))));
    add("nulls first", Comparator.nullsFirst(Comparator.<String>naturalOrder()));
    add("ConcurrentHashMap", new ConcurrentHashMap<>(Map.of(1, 2)));
    add("empty enumeration of a set", Collections.newSetFromMap(new ConcurrentHashMap<>()));
  }

  static List<Case> local() throws Exception {
    CASES.clear();
    URL url = URI.create("https://shop.example/").toURL();
    add("URL", url);
    add("list of URLs", new ArrayList<>(List.of(url)));
    add("Subject", new Subject());
    return List.copyOf(CASES);
  }
}
