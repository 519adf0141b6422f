package dev.holdfast.admin;

import dev.holdfast.admin.Overview.Reading;
import dev.holdfast.admin.Overview.Wait;
import dev.holdfast.admin.PageLinks.Kind;
import dev.holdfast.admin.ShownSession.Field;
import dev.holdfast.admin.ShownSession.OpenedValue;
import dev.holdfast.admin.UsersPage.UserRow;
import dev.holdfast.api.SessionInfo;
import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.codec.UndecodableValueException;
import dev.holdfast.config.BackupSettings;
import dev.holdfast.config.Settings;
import dev.holdfast.metrics.Gauge;
import dev.holdfast.metrics.Measurements;
import dev.holdfast.metrics.Metrics.Counter;
import dev.holdfast.security.SessionToken;
import dev.holdfast.session.SessionDetails;
import dev.holdfast.session.SessionDetails.LocalValue;
import dev.holdfast.session.SessionPage;
import dev.holdfast.session.UserPage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Finds what the pages show. */
final class AdminPages {
  /** Sessions or users on a page. */
  static final int PAGE = 50;

  /** The most sessions of one user that are listed. */
  static final int OF_USER = 200;

  private final Administered node;
  private final PageLinks links;
  private final Mask mask;

  AdminPages(Administered node, PageLinks links) {
    this.node = node;
    this.links = links;
    this.mask = new Mask(node.settings().admin().masked());
  }

  /** The node, as far as it can be told: with status 503 when Redis cannot be asked. */
  Reply overview() {
    Long sessions = null;
    String problem = null;
    try {
      // First, because it also connects if nobody has yet.
      node.ping().run();
      sessions = node.settings().expiry().isOn() ? node.directory().count() : null;
    } catch (SessionStoreUnavailableException e) {
      problem = e.getMessage();
    }
    Settings settings = node.settings();
    Measurements measured = node.measured();
    Overview overview =
        new Overview(
            settings.prefix() + ":" + settings.app(),
            node.version(),
            sessions,
            problem,
            node.servers().get(),
            places(settings),
            measured.gauges().stream().map(AdminPages::reading).toList(),
            Arrays.stream(Counter.values())
                .map(c -> new Reading(c.name(), c.text(), measured.value(c)))
                .toList(),
            measured.waits().entrySet().stream()
                .map(
                    wait ->
                        new Wait(
                            wait.getKey(),
                            wait.getValue().count(),
                            wait.getValue().nanos(),
                            wait.getValue().longestNanos()))
                .toList(),
            node.written());
    return Reply.of(problem == null ? 200 : 503, overview);
  }

  private static Reading reading(Gauge gauge) {
    return new Reading(gauge.name(), gauge.text(), gauge.value().getAsLong());
  }

  private Map<String, String> places(Settings settings) {
    Map<String, String> places = new LinkedHashMap<>();
    places.put("Redis", settings.redis().shownUri());
    places.put("Keys", settings.prefix() + ":" + settings.app() + ":{...}");
    places.put("Encryption", node.encryption().replaceFirst("^encryption: ", ""));
    places.put(
        "Sweeper",
        settings.expiry().isOn()
            ? "ends sessions that nobody asks for, every "
                + settings.expiry().interval().toSeconds()
                + " s on average"
            : "off: nothing says which sessions there are (expiry.events)");
    places.put(
        "Index of users",
        settings.users().indexed() ? "on" : "off: sessions are not found by user (sessions.index)");
    BackupSettings backup = settings.backup();
    places.put(
        "Backup",
        backup.database() == null
            ? "none"
            : backup.shownDatabase() + ", every " + backup.interval().toSeconds() + " s");
    return places;
  }

  /**
   * Some of all sessions.
   *
   * @param after from the address; null for the first page
   */
  Page sessions(@Nullable String after, @Nullable Integer ended) {
    SessionPage page = node.directory().page(read(Kind.CURSOR, after), PAGE);
    return new SessionsPage(
        page.sessions().stream().map(this::row).toList(),
        page.unreadable(),
        linked(Kind.CURSOR, page.next()),
        after == null,
        ended);
  }

  /**
   * Some of all users.
   *
   * @param after from the address; null for the first page
   */
  Page users(@Nullable String after) {
    UserPage page = node.directory().users(read(Kind.USER, after), PAGE);
    return new UsersPage(
        page.users().stream()
            .map(user -> new UserRow(user, links.of(Kind.USER, user.user())))
            .toList(),
        linked(Kind.USER, page.next()),
        after == null);
  }

  /** The sessions of a user. */
  Page user(String user, @Nullable Integer ended) {
    List<SessionInfo> sessions = node.users().of(user);
    return new UserSessionsPage(
        user,
        links.of(Kind.USER, user),
        sessions.stream().limit(OF_USER).map(this::row).toList(),
        sessions.size(),
        ended);
  }

  /** One session. */
  Reply session(String locator) {
    SessionDetails details = node.directory().details(locator);
    return details == null ? gone() : Reply.of(shown(locator, details, null));
  }

  /** One session and one of its values, which must not be masked. */
  Reply value(String locator, String attribute) {
    SessionDetails details = node.directory().details(locator);
    return details == null ? gone() : Reply.of(shown(locator, details, opened(locator, attribute)));
  }

  private OpenedValue opened(String locator, String attribute) {
    try {
      Object value = node.directory().value(locator, attribute);
      return value == null
          ? new OpenedValue(attribute, null, "There is no such attribute any more")
          : new OpenedValue(attribute, ValueText.of(value, mask), null);
    } catch (UndecodableValueException e) {
      return new OpenedValue(attribute, null, e.getMessage());
    }
  }

  boolean isMasked(String attribute) {
    return mask.hides(attribute);
  }

  static Reply gone() {
    return Reply.of(404, Notice.error("No such session", "It has ended, or there never was one"));
  }

  private ShownSession shown(String locator, SessionDetails details, @Nullable OpenedValue opened) {
    List<Field> fields = new ArrayList<>();
    details
        .attributes()
        .forEach(
            stored ->
                fields.add(
                    new Field(
                        stored,
                        links.of(Kind.ATTRIBUTE, stored.name()),
                        mask.hides(stored.name()))));
    return new ShownSession(
        details,
        links.of(Kind.SESSION, locator),
        linked(Kind.USER, details.info().user()),
        fields,
        details.local().stream().map(this::withoutMasked).toList(),
        opened);
  }

  /** The reason may quote what the application has thrown, and that may quote the value. */
  private LocalValue withoutMasked(LocalValue local) {
    return mask.hides(local.name())
        ? new LocalValue(local.name(), local.type(), ValueText.MASKED)
        : local;
  }

  private SessionRow row(SessionInfo info) {
    String locator = Objects.requireNonNull(SessionToken.locatorOf(info.id()));
    return new SessionRow(info, links.of(Kind.SESSION, locator), linked(Kind.USER, info.user()));
  }

  private @Nullable String linked(Kind kind, @Nullable String text) {
    return text == null ? null : links.of(kind, text);
  }

  /**
   * @throws IllegalArgumentException when no page gave this address out
   */
  private @Nullable String read(Kind kind, @Nullable String link) {
    String text = links.read(kind, link);
    if (link != null && text == null) {
      throw new IllegalArgumentException(
          "No page has such an address; take the link of the page before");
    }
    return text;
  }
}
