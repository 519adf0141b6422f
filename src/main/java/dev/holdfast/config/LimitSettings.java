package dev.holdfast.config;

import static dev.holdfast.config.DurationType.HOUR;
import static dev.holdfast.config.DurationType.SECOND;
import static dev.holdfast.config.SizeType.GIGABYTE;

import java.time.Duration;

/**
 * How large sessions may be, and how many a node may create.
 *
 * @param attributeBytes {@code attribute.max-size}: bytes of one encoded value, at least 1
 * @param sessionBytes {@code session.max-size}: bytes of all names and encoded values of a session,
 *     at least 1
 * @param attributes {@code session.max-attributes}: attributes of a session, at least 1
 * @param createRate {@code sessions.create-rate}: sessions that one node creates in a second, on
 *     average; 0 for any number
 * @param firstLife {@code sessions.first-life}: how long a new session in which nobody has logged
 *     in lives until its second request, whole seconds; zero: as long as any other
 */
public record LimitSettings(
    long attributeBytes, long sessionBytes, int attributes, int createRate, Duration firstLife) {

  /** Declares these settings, and takes their values. */
  static LimitSettings read(SettingsReader reader) {
    return new LimitSettings(
        reader
            .shared()
            .declared(
                "attribute.max-size",
                Group.RARE,
                new SizeType(1, GIGABYTE),
                "1MB",
                "Bytes that one attribute may take when it is encoded; a larger one is refused and the"
                    + " old value stays."),
        reader
            .shared()
            .declared(
                "session.max-size",
                Group.RARE,
                new SizeType(1, GIGABYTE),
                "4MB",
                "Bytes that all attributes of a session may take together, with their names."),
        reader
            .shared()
            .declared(
                "session.max-attributes",
                Group.RARE,
                new CountType(1, 100_000),
                "1000",
                "Attributes that a session may have."),
        reader.declared(
            "sessions.create-rate",
            Group.RARE,
            new CountType(0, 1_000_000),
            "1000",
            "Sessions that a node creates in a second, ten seconds' worth at once; one more is"
                + " answered with 503. `0` for any number."),
        reader
            .shared()
            .declared(
                "sessions.first-life",
                Group.RARE,
                new DurationType(Duration.ZERO, HOUR, SECOND),
                "0s",
                "How long a new session lives if nobody logs in and no second request comes; `0s`"
                    + " for the usual time-out."));
  }
}
