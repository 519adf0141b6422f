package dev.holdfast.codec.differential;

import java.awt.geom.AffineTransform;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.io.ByteArrayInputStream;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.sql.SQLException;
import java.text.ChoiceFormat;
import java.text.DateFormat;
import java.text.DateFormatSymbols;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.text.MessageFormat;
import java.text.NumberFormat;
import java.text.SimpleDateFormat;
import java.time.*;
import java.time.chrono.*;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.time.temporal.ValueRange;
import java.time.temporal.WeekFields;
import java.util.Calendar;
import java.util.Date;
import java.util.GregorianCalendar;
import java.util.Locale;
import java.util.SimpleTimeZone;
import java.util.TimeZone;

/** Values of the JDK beyond its collections: times, formats, SQL, security, XML, AWT, naming. */
final class JdkServiceTypes {
  /** Self-signed, for a name and nothing else. */
  private static final String CERTIFICATE =
      """
      -----BEGIN CERTIFICATE-----
      MIIBPjCB5KADAgECAgkAh3L9UkD8sYswCgYIKoZIzj0EAwIwEjEQMA4GA1UEAxMH
      ZXhhbXBsZTAgFw0yNjAxMDEyMzAxMDVaGA8yMTI1MTIwODIzMDEwNVowEjEQMA4G
      A1UEAxMHZXhhbXBsZTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABJIOGpegs652
      enSX5+otQRe2Y5MpoZreGQn6NbPp5Hu1JbedI+7BjLTcm7A1ywTXThHdjs6brvrN
      q79OIV7pBAGjITAfMB0GA1UdDgQWBBRZByGzWaQLFuM1BV8CyzLf4usTgzAKBggq
      hkjOPQQDAgNJADBGAiEAwZeH5WLzwXg6i41fY1RzqCbGgTcXcWz3RwcV12+yEMAC
      IQCJ/iq3duuaYmS2R97sDToy72Jaxr21453EICBVw5ZdJQ==
      -----END CERTIFICATE-----
      """;

  private final TypeTable table;

  private JdkServiceTypes(TypeTable table) {
    this.table = table;
  }

  static void addTo(TypeTable table) {
    JdkServiceTypes types = new JdkServiceTypes(table);
    types.addTimes();
    types.addCalendars();
    types.addFormats();
    types.addSql();
    types.addSecurity();
    types.addXmlAndNaming();
    types.addDesktop();
  }

  private void addTimes() {
    ZoneId paris = ZoneId.of("Europe/Paris");
    LocalDateTime time = LocalDateTime.of(2026, 10, 25, 2, 30, 1, 5);
    table.add("Instant", () -> Instant.ofEpochSecond(-5, 7));
    table.add("Instant.min", () -> Instant.MIN);
    table.add("Instant.max", () -> Instant.MAX);
    table.add("LocalDate", () -> LocalDate.of(2026, 11, 29));
    table.add("LocalDate.min", () -> LocalDate.MIN);
    table.add("LocalTime", () -> LocalTime.of(1, 2, 3, 4));
    table.add("LocalDateTime", () -> time);
    table.add("LocalDateTime.max", () -> LocalDateTime.MAX);
    table.add("ZonedDateTime", () -> time.atZone(paris));
    table.add("ZonedDateTime.later", () -> time.atZone(paris).withLaterOffsetAtOverlap());
    table.add("ZonedDateTime.offset", () -> time.atZone(ZoneOffset.ofHours(2)));
    table.add("ZonedDateTime.utc", () -> time.atZone(ZoneId.of("UTC")));
    table.add("ZonedDateTime.prefix", () -> time.atZone(ZoneId.of("GMT+2")));
    table.add(
        "ZonedDateTime.lenient", () -> ZonedDateTime.ofStrict(time, ZoneOffset.ofHours(1), paris));
    table.add("OffsetDateTime", () -> time.atOffset(ZoneOffset.ofHoursMinutes(5, 30)));
    table.add("OffsetTime", () -> OffsetTime.of(1, 2, 3, 4, ZoneOffset.MAX));
    table.add("Duration", () -> Duration.ofSeconds(-1, 5));
    table.add("Period", () -> Period.of(1, -2, 3));
    table.add("Year", () -> Year.of(-44));
    table.add("YearMonth", () -> YearMonth.of(2026, 2));
    table.add("MonthDay", () -> MonthDay.of(2, 29));
    table.add("DayOfWeek", () -> DayOfWeek.FRIDAY);
    table.add("Month", () -> Month.MAY);
    table.add("ZoneId", () -> paris);
    table.add("ZoneId.prefix", () -> ZoneId.of("UTC+01:30"));
    table.add("ZoneId.old", () -> ZoneId.of("US/Pacific"));
    table.add("ZoneOffset", () -> ZoneOffset.ofTotalSeconds(3723));
    table.add("ZoneRules", () -> paris.getRules());
    table.add("ZoneRules.fixed", () -> ZoneOffset.UTC.getRules());
    table.add("ZoneOffsetTransition", () -> paris.getRules().getTransition(time));
    table.add("ZoneOffsetTransitionRule", () -> paris.getRules().getTransitionRules().get(0));
    table.add("Clock.system", () -> Clock.system(paris));
    table.add("Clock.utc", Clock::systemUTC);
    table.add("Clock.fixed", () -> Clock.fixed(Instant.EPOCH, paris));
    table.add("Clock.tick", () -> Clock.tickMinutes(paris));
    table.add("Clock.offset", () -> Clock.offset(Clock.systemUTC(), Duration.ofDays(1)));
    table.add("ChronoUnit", () -> ChronoUnit.DAYS);
    table.add("ChronoField", () -> ChronoField.ERA);
    table.add("ValueRange", () -> ValueRange.of(1, 2, 30, 31));
    table.add("WeekFields", () -> WeekFields.of(Locale.GERMANY));
    table.add("WeekFields.sunday", () -> WeekFields.SUNDAY_START);
    table.add("ThaiBuddhistDate", () -> ThaiBuddhistDate.of(2569, 11, 29));
    table.add("JapaneseDate", () -> JapaneseDate.of(2026, 11, 29));
    table.add("JapaneseEra", () -> JapaneseEra.HEISEI);
    table.add("HijrahDate", () -> HijrahDate.of(1448, 1, 1));
    table.add("MinguoDate", () -> MinguoDate.of(115, 11, 29));
    table.add("ThaiBuddhistEra", () -> ThaiBuddhistEra.BE);
    table.add("IsoChronology", () -> IsoChronology.INSTANCE);
    table.add("HijrahChronology", () -> HijrahChronology.INSTANCE);
    table.add("JapaneseChronology", () -> JapaneseChronology.INSTANCE);
    table.add(
        "ChronoLocalDateTime", () -> ThaiBuddhistDate.of(2569, 11, 29).atTime(LocalTime.NOON));
    table.add(
        "ChronoZonedDateTime",
        () -> JapaneseDate.of(2026, 11, 29).atTime(LocalTime.NOON).atZone(paris));
    table.add("ChronoPeriod", () -> ThaiBuddhistChronology.INSTANCE.period(1, 2, 3));
    table.add("DateTimeException", () -> new DateTimeException("bad", new Exception("cause")));
    table.add(
        "DateTimeParseException", () -> new java.time.format.DateTimeParseException("a", "b", 1));
    table.add("DateTimeFormatter", () -> DateTimeFormatter.ISO_DATE);
  }

  private void addCalendars() {
    TimeZone berlin = TimeZone.getTimeZone("Europe/Berlin");
    Locale thai = new Locale("th", "TH");
    Locale japanese = new Locale("ja", "JP", "JP");
    table.add("Date", () -> new Date(1234567890123L));
    table.add(
        "Date.deprecated",
        () -> {
          Date date = new Date(0);
          date.setYear(99);
          date.setDate(40);
          return date;
        });
    table.add("TimeZone", () -> berlin);
    table.add("TimeZone.custom", () -> TimeZone.getTimeZone("GMT+05:30"));
    table.add("TimeZone.utc", () -> TimeZone.getTimeZone("UTC"));
    table.add(
        "TimeZone.rawOffset",
        () -> {
          TimeZone zone = TimeZone.getTimeZone("Europe/Paris");
          zone.setRawOffset(7_200_000);
          return zone;
        });
    table.add(
        "TimeZone.id",
        () -> {
          TimeZone zone = TimeZone.getTimeZone("Europe/Paris");
          zone.setID("Mine");
          return zone;
        });
    table.add(
        "SimpleTimeZone",
        () -> new SimpleTimeZone(3_600_000, "X", 2, -1, 1, 7_200_000, 9, -1, 1, 10_800_000));
    table.add("GregorianCalendar", () -> fixed(new GregorianCalendar(berlin, Locale.GERMANY)));
    table.add(
        "GregorianCalendar.lenient",
        () -> {
          Calendar c = fixed(new GregorianCalendar(berlin));
          c.setLenient(false);
          return c;
        });
    table.add(
        "GregorianCalendar.partial",
        () -> {
          Calendar c = fixed(new GregorianCalendar(berlin));
          c.set(Calendar.MONTH, 1);
          c.set(Calendar.DAY_OF_MONTH, 31);
          return c;
        });
    table.add(
        "GregorianCalendar.cleared",
        () -> {
          Calendar c = new GregorianCalendar(berlin);
          c.clear();
          c.set(Calendar.YEAR, 2020);
          return c;
        });
    table.add(
        "GregorianCalendar.weeks",
        () -> {
          Calendar c = fixed(new GregorianCalendar(berlin));
          c.setFirstDayOfWeek(Calendar.WEDNESDAY);
          c.setMinimalDaysInFirstWeek(5);
          return c;
        });
    table.add(
        "GregorianCalendar.julian",
        () -> {
          GregorianCalendar c = fixed(new GregorianCalendar(berlin));
          c.setGregorianChange(new Date(Long.MAX_VALUE));
          return c;
        });
    table.add("Calendar.thai", () -> fixed(Calendar.getInstance(berlin, thai)));
    table.add(
        "Calendar.buddhist",
        () ->
            fixed(new Calendar.Builder().setCalendarType("buddhist").setTimeZone(berlin).build()));
    table.add("Calendar.japanese", () -> fixed(Calendar.getInstance(berlin, japanese)));
    table.add(
        "Calendar.iso8601", () -> fixed(new Calendar.Builder().setCalendarType("iso8601").build()));
  }

  private static <C extends Calendar> C fixed(C calendar) {
    calendar.setTimeInMillis(1_234_567_890_123L);
    return calendar;
  }

  private void addFormats() {
    table.add(
        "SimpleDateFormat", () -> fixed(new SimpleDateFormat("yyyy-MM-dd EEEE", Locale.FRANCE)));
    table.add(
        "SimpleDateFormat.zone",
        () -> {
          SimpleDateFormat f = fixed(new SimpleDateFormat("HH:mm", Locale.US));
          f.setTimeZone(TimeZone.getTimeZone("Asia/Tokyo"));
          f.setLenient(false);
          return f;
        });
    table.add(
        "DateFormat.thai",
        () ->
            fixed(
                (SimpleDateFormat)
                    DateFormat.getDateInstance(DateFormat.LONG, new Locale("th", "TH"))));
    table.add(
        "DateFormat.japanese",
        () ->
            fixed(
                (SimpleDateFormat)
                    DateFormat.getDateInstance(DateFormat.FULL, new Locale("ja", "JP", "JP"))));
    table.add("DateFormatSymbols", () -> new DateFormatSymbols(Locale.ITALY));
    table.add("DecimalFormat", () -> new DecimalFormat("#,##0.00"));
    table.add("DecimalFormat.german", () -> NumberFormat.getCurrencyInstance(Locale.GERMANY));
    table.add(
        "DecimalFormat.parseBig",
        () -> {
          DecimalFormat f = new DecimalFormat("0.##E0");
          f.setParseBigDecimal(true);
          f.setRoundingMode(java.math.RoundingMode.DOWN);
          return f;
        });
    table.add("DecimalFormatSymbols", () -> new DecimalFormatSymbols(Locale.FRANCE));
    table.add("NumberFormat.percent", () -> NumberFormat.getPercentInstance(Locale.US));
    table.add(
        "NumberFormat.arabic",
        () -> NumberFormat.getInstance(Locale.forLanguageTag("ar-EG-u-nu-arab")));
    table.add(
        "CompactNumberFormat",
        () -> NumberFormat.getCompactNumberInstance(Locale.US, NumberFormat.Style.LONG));
    table.add("MessageFormat", () -> new MessageFormat("{0,number,#.#} of {1}", Locale.US));
    table.add("ChoiceFormat", () -> new ChoiceFormat("0#none|1#one|2#many"));
    table.add("ParseException", () -> new java.text.ParseException("a", 3));
    table.add("NumberFormat.Field", () -> NumberFormat.Field.CURRENCY);
    table.add("DateFormat.Field", () -> DateFormat.Field.ERA);
    table.add("NumberFormat.Style", () -> NumberFormat.Style.SHORT);
    table.add("Collator", () -> java.text.Collator.getInstance(Locale.GERMANY));
    table.add("Normalizer.Form", () -> java.text.Normalizer.Form.NFC);
  }

  /** A format knows the year of its making. */
  private static SimpleDateFormat fixed(SimpleDateFormat format) {
    format.set2DigitYearStart(new Date(0));
    return format;
  }

  private void addSql() {
    table.add(
        "Timestamp",
        () -> {
          var t = new java.sql.Timestamp(-1500);
          t.setNanos(123_456_789);
          return t;
        });
    table.add("sql.Date", () -> java.sql.Date.valueOf("2026-11-29"));
    table.add("sql.Time", () -> java.sql.Time.valueOf("12:34:56"));
    table.add(
        "SQLException",
        () -> {
          SQLException e = new SQLException("reason", "state", 7);
          e.setNextException(new SQLException("next"));
          return e;
        });
    table.add(
        "BatchUpdateException",
        () -> new java.sql.BatchUpdateException("r", "s", 1, new int[] {1, 2}));
    table.add("SQLTimeoutException", () -> new java.sql.SQLTimeoutException("late"));
    table.add("DataTruncation", () -> new java.sql.DataTruncation(1, true, false, 2, 3));
    table.add("SerialBlob", () -> new javax.sql.rowset.serial.SerialBlob(new byte[] {1, 2}));
    table.add("SerialClob", () -> new javax.sql.rowset.serial.SerialClob(new char[] {'a'}));
    table.add("JDBCType", () -> java.sql.JDBCType.BLOB);
  }

  private void addSecurity() {
    table.add("SecretKeySpec", () -> new javax.crypto.spec.SecretKeySpec(new byte[16], "AES"));
    table.add("KeyPair", JdkServiceTypes::keys);
    table.add("PublicKey", () -> keys().getPublic());
    table.add("PrivateKey", () -> keys().getPrivate());
    table.add(
        "KeyRep",
        () ->
            new java.security.KeyRep(java.security.KeyRep.Type.SECRET, "AES", "RAW", new byte[16]));
    table.add(
        "X500Principal", () -> new javax.security.auth.x500.X500Principal("CN=Duke, O=Java, C=US"));
    table.add("X509Certificate", JdkServiceTypes::certificate);
    table.add(
        "Subject",
        () -> {
          var s = new javax.security.auth.Subject();
          s.getPrincipals().add(new javax.security.auth.x500.X500Principal("CN=a"));
          return s;
        });
    table.add(
        "KerberosPrincipal",
        () -> new javax.security.auth.kerberos.KerberosPrincipal("user@REALM"));
    table.add("JMXPrincipal", () -> new javax.management.remote.JMXPrincipal("name"));
    table.add("SecureRandom", SecureRandom::new);
    table.add("AllPermission", java.security.AllPermission::new);
    table.add("FilePermission", () -> new java.io.FilePermission("/a", "read"));
    table.add("GeneralSecurityException", () -> new java.security.GeneralSecurityException("g"));
    table.add("LoginException", () -> new javax.security.auth.login.FailedLoginException("f"));
    table.add("SSLException", () -> new javax.net.ssl.SSLException("s"));
    table.add("Timestamp.security", () -> new java.security.cert.CertPathValidatorException("c"));
    table.add(
        "UnresolvedPermission", () -> new java.security.UnresolvedPermission("a", "b", "c", null));
  }

  private static KeyPair keys() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    KeyPair pair = generator.generateKeyPair();
    return new KeyPair(
        KeyFactory.getInstance("EC")
            .generatePublic(
                new java.security.spec.X509EncodedKeySpec(pair.getPublic().getEncoded())),
        pair.getPrivate());
  }

  private static Object certificate() throws Exception {
    return CertificateFactory.getInstance("X.509")
        .generateCertificate(
            new ByteArrayInputStream(
                CERTIFICATE.getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
  }

  private void addXmlAndNaming() {
    table.add("QName", () -> new javax.xml.namespace.QName("urn:a", "b", "c"));
    table.add(
        "XMLGregorianCalendar",
        () ->
            javax.xml.datatype.DatatypeFactory.newInstance()
                .newXMLGregorianCalendar("2026-11-29T12:00:00.5+02:00"));
    table.add(
        "XMLGregorianCalendar.partial",
        () -> javax.xml.datatype.DatatypeFactory.newInstance().newXMLGregorianCalendar("--11-29"));
    table.add(
        "xml.Duration",
        () -> javax.xml.datatype.DatatypeFactory.newInstance().newDuration("P1Y2M3DT4.5S"));
    table.add("xml.TransformerException", () -> new javax.xml.transform.TransformerException("t"));
    table.add("SAXException", () -> new org.xml.sax.SAXException("s"));
    table.add("SAXParseException", () -> new org.xml.sax.SAXParseException("s", "p", "i", 1, 2));
    table.add("AttributesImpl", org.xml.sax.helpers.AttributesImpl::new);
    table.add("Document", JdkServiceTypes::document);
    table.add("CompositeName", () -> new javax.naming.CompositeName("a/b"));
    table.add(
        "CompoundName", () -> new javax.naming.CompoundName("a.b", new java.util.Properties()));
    table.add("LdapName", () -> new javax.naming.ldap.LdapName("CN=a,DC=b"));
    table.add("Rdn", () -> new javax.naming.ldap.Rdn("CN=a"));
    table.add(
        "BasicAttributes",
        () -> {
          var a = new javax.naming.directory.BasicAttributes(true);
          a.put("k", "v");
          return a;
        });
    table.add("BasicAttribute", () -> new javax.naming.directory.BasicAttribute("k", "v"));
    table.add(
        "NamingException",
        () -> {
          var e = new javax.naming.NameNotFoundException("n");
          e.setRemainingName(new javax.naming.CompositeName("a/b"));
          return e;
        });
    table.add(
        "Reference",
        () -> new javax.naming.Reference("cls", new javax.naming.StringRefAddr("t", "v")));
    table.add("ObjectName", () -> new javax.management.ObjectName("d:type=a,name=b"));
    table.add("management.Attribute", () -> new javax.management.Attribute("a", 1));
    table.add("CompositeDataSupport", JdkServiceTypes::compositeData);
    table.add("SimpleType", () -> javax.management.openmbean.SimpleType.STRING);
    table.add(
        "management.Notification", () -> new javax.management.Notification("t", "s", 1, 2L, "m"));
    table.add("MarshalledObject", () -> new java.rmi.MarshalledObject<>("content"));
    table.add("RemoteException", () -> new java.rmi.RemoteException("r", new Exception("d")));
    table.add("ScriptException", () -> new javax.script.ScriptException("m", "f", 1));
    table.add("PrinterName", () -> new javax.print.attribute.standard.JobName("job", Locale.US));
    table.add("MediaSize", () -> javax.print.attribute.standard.MediaSizeName.ISO_A4);
  }

  private static Object document() throws Exception {
    return javax.xml.parsers.DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(
            new ByteArrayInputStream(
                "<a b='c'>d</a>".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
  }

  private static Object compositeData() throws Exception {
    String[] names = {"a"};
    var type =
        new javax.management.openmbean.CompositeType(
            "t",
            "d",
            names,
            names,
            new javax.management.openmbean.OpenType<?>[] {
              javax.management.openmbean.SimpleType.STRING
            });
    return new javax.management.openmbean.CompositeDataSupport(type, names, new Object[] {"v"});
  }

  private void addDesktop() {
    table.add("Color", () -> new java.awt.Color(1, 2, 3, 4));
    table.add("Color.constant", () -> java.awt.Color.RED);
    table.add("Point", () -> new java.awt.Point(1, 2));
    table.add("Dimension", () -> new java.awt.Dimension(1, 2));
    table.add("Rectangle", () -> new java.awt.Rectangle(1, 2, 3, 4));
    table.add("Insets", () -> new java.awt.Insets(1, 2, 3, 4));
    table.add("Polygon", () -> new java.awt.Polygon(new int[] {1}, new int[] {2}, 1));
    table.add("Point2D", () -> new Point2D.Double(1, 2));
    table.add("Rectangle2D", () -> new Rectangle2D.Float(1, 2, 3, 4));
    table.add("AffineTransform", () -> AffineTransform.getRotateInstance(1));
    table.add("GeneralPath", java.awt.geom.GeneralPath::new);
    table.add("BasicStroke", () -> new java.awt.BasicStroke(2));
    table.add("BorderLayout", java.awt.BorderLayout::new);
    table.add("Font", () -> new java.awt.Font("Dialog", java.awt.Font.BOLD, 12));
    table.add("TextAttribute", () -> java.awt.font.TextAttribute.FAMILY);
    table.add("DefaultMutableTreeNode", JdkServiceTypes::treeNode);
    table.add(
        "DefaultTreeModel",
        () -> new javax.swing.tree.DefaultTreeModel((javax.swing.tree.TreeNode) treeNode()));
    table.add(
        "DefaultListModel",
        () -> {
          var m = new javax.swing.DefaultListModel<String>();
          m.addElement("a");
          return m;
        });
    table.add(
        "DefaultTableModel",
        () -> new javax.swing.table.DefaultTableModel(new Object[][] {{"a"}}, new Object[] {"c"}));
    table.add(
        "DefaultBoundedRangeModel", () -> new javax.swing.DefaultBoundedRangeModel(1, 2, 0, 9));
    table.add("ActivationFlavor", () -> java.awt.datatransfer.DataFlavor.stringFlavor);
  }

  private static Object treeNode() {
    var root = new javax.swing.tree.DefaultMutableTreeNode("root");
    root.add(new javax.swing.tree.DefaultMutableTreeNode("leaf"));
    return root;
  }
}
