package dev.holdfast.codec;

import com.esotericsoftware.kryo.kryo5.Registration;
import java.sql.Date;
import java.sql.Time;
import java.sql.Timestamp;
import java.util.List;

/**
 * The date types of JDBC. They have a class of their own because a runtime image may lack the
 * module java.sql.
 */
final class SqlTypes {

  private SqlTypes() {}

  static List<Registration> registrations() {
    return List.of(
        new Registration(
            Timestamp.class,
            new ValueSerializer<Timestamp>(
                (out, v) -> {
                  out.writeVarLong(Math.floorDiv(v.getTime(), 1000L), false);
                  out.writeVarInt(v.getNanos(), true);
                },
                in -> {
                  Timestamp timestamp = new Timestamp(in.readVarLong(false) * 1000);
                  timestamp.setNanos(in.readVarInt(true));
                  return timestamp;
                }),
            13),
        new Registration(
            Date.class,
            new ValueSerializer<Date>(
                (out, v) -> out.writeVarLong(v.getTime(), false),
                in -> new Date(in.readVarLong(false))),
            14),
        new Registration(
            Time.class,
            new ValueSerializer<Time>(
                (out, v) -> out.writeVarLong(v.getTime(), false),
                in -> new Time(in.readVarLong(false))),
            15));
  }
}
