package dev.holdfast.doctor;

import java.time.LocalDate;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Faults of servers that have been published, by the version that mends them. Those only that a
 * user of Redis can reach who may do what Holdfast needs, or who has not logged in, and those that
 * need a command which a careless user has. {@code command-line.md} has the table with its sources.
 */
final class KnownFaults {
  /** When the table was last compared with what Redis and Valkey have published. */
  static final LocalDate AS_OF = LocalDate.of(2026, 7, 31);

  private static final List<Fault> FAULTS =
      List.of(
          fault("CVE-2024-31449", "6.2.0", "6.2.16 7.2.6 7.4.1", "7.2.7 8.0.1"),
          fault("CVE-2024-31228", "6.2.0", "6.2.16 7.2.6 7.4.1", "7.2.7 8.0.1"),
          fault("CVE-2024-46981", "6.2.0", "6.2.17 7.2.7 7.4.2", "7.2.8 8.0.2"),
          fault("CVE-2024-51741", "7.0.0", "7.2.7 7.4.2", "7.2.8 8.0.2"),
          fault("CVE-2025-21605", "6.2.0", "6.2.18 7.2.8 7.4.3", "7.2.9 8.0.3 8.1.1"),
          fault("CVE-2025-32023", "6.2.0", "6.2.19 7.2.10 7.4.5 8.0.3", "7.2.10 8.0.4 8.1.3"),
          fault("CVE-2025-48367", "6.2.0", "6.2.19 7.2.10 7.4.5 8.0.3", "7.2.10 8.0.4 8.1.3"),
          lua("CVE-2025-49844"),
          lua("CVE-2025-46817"),
          lua("CVE-2025-46818"),
          lua("CVE-2025-46819"),
          fault(
              "CVE-2026-23479",
              "7.2.0",
              "7.2.14 7.4.9 8.2.6 8.4.3 8.6.3",
              "7.2.13 8.0.9 8.1.8 9.0.4"),
          ofMay2026("CVE-2026-25243"),
          ofMay2026("CVE-2026-23631"),
          fault(
              "RESTORE of 23 July 2026, without a number",
              "6.2.0",
              "6.2.23 7.2.15 7.4.10 8.2.8 8.4.5 8.6.5 8.8.1",
              ""),
          fault("CVE-2026-63639", "6.2.0", "", "7.2.14 8.0.10 8.1.9 9.0.5 9.1.1"),
          fault("CVE-2026-56684", "6.2.0", "", "7.2.14 8.0.10 8.1.9 9.0.5 9.1.1"));

  /**
   * A published fault.
   *
   * @param since the first version that has it
   * @param mended the first version of each line that has it no more; a line between these has
   *     never been mended, and a later line never had it
   */
  private record Fault(String name, ServerVersion since, List<ServerVersion> mended) {
    boolean isIn(ServerVersion version) {
      List<ServerVersion> ours =
          mended.stream().filter(m -> m.product().equals(version.product())).toList();
      Optional<ServerVersion> sameLine = ours.stream().filter(version::isSameLine).findFirst();
      Optional<ServerVersion> last = ours.stream().max(Comparator.naturalOrder());
      return version.compareTo(since) >= 0
          && version.compareTo(sameLine.or(() -> last).orElse(version)) < 0;
    }
  }

  private KnownFaults() {}

  private static Fault lua(String name) {
    return fault(name, "6.2.0", "6.2.20 7.2.11 7.4.6 8.0.4 8.2.2", "7.2.11 8.0.6 8.1.4");
  }

  private static Fault ofMay2026(String name) {
    return fault(
        name, "6.2.0", "6.2.22 7.2.14 7.4.9 8.2.6 8.4.3 8.6.3", "7.2.13 8.0.9 8.1.8 9.0.4");
  }

  private static Fault fault(String name, String since, String redis, String valkey) {
    List<ServerVersion> mended =
        Stream.concat(versions(ServerVersion.REDIS, redis), versions(ServerVersion.VALKEY, valkey))
            .toList();
    return new Fault(name, ServerVersion.parse(ServerVersion.REDIS, since), mended);
  }

  private static Stream<ServerVersion> versions(String product, String list) {
    return Arrays.stream(list.split(" "))
        .filter(text -> !text.isEmpty())
        .map(text -> ServerVersion.parse(product, text));
  }

  /** The names of those that a version has. */
  static List<String> of(ServerVersion version) {
    return FAULTS.stream().filter(fault -> fault.isIn(version)).map(Fault::name).toList();
  }

  /**
   * The least version without any of them that can be updated to: of the same line, or else of the
   * next one that has such a version.
   */
  static String leastGood(ServerVersion version) {
    Set<ServerVersion> all = new LinkedHashSet<>();
    FAULTS.forEach(fault -> all.addAll(fault.mended()));
    return all.stream()
        .filter(good -> good.product().equals(version.product()))
        .filter(good -> good.compareTo(version) > 0 && of(good).isEmpty())
        .min(
            Comparator.<ServerVersion, Boolean>comparing(good -> !good.isSameLine(version))
                .thenComparing(Comparator.naturalOrder()))
        .map(ServerVersion::numbers)
        .orElse("the newest one");
  }
}
