package dev.holdfast.codec;

import java.sql.Date;
import java.sql.Time;
import java.sql.Timestamp;

/** The date types of JDBC; apart, for a runtime image may come without the module java.sql. */
final class SqlTypes {

  private SqlTypes() {}

  static void add() {
    FixedTypes.mutable(
        13,
        Timestamp.class,
        (out, v) -> {
          out.writeVarLong(Math.floorDiv(v.getTime(), 1000L), false);
          out.writeVarInt(v.getNanos(), true);
        },
        in -> {
          Timestamp timestamp = new Timestamp(in.readVarLong(false) * 1000);
          timestamp.setNanos(in.readVarInt(true));
          return timestamp;
        });
    FixedTypes.mutable(
        14,
        Date.class,
        (out, v) -> out.writeVarLong(v.getTime(), false),
        in -> new Date(in.readVarLong(false)));
    FixedTypes.mutable(
        15,
        Time.class,
        (out, v) -> out.writeVarLong(v.getTime(), false),
        in -> new Time(in.readVarLong(false)));
  }
}
