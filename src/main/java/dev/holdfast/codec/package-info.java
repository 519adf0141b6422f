/**
 * Turns attribute values into bytes and back. This package sees values and never a store.
 *
 * <h2>Bytes</h2>
 *
 * <pre>
 * envelope   format (1), codec (1 Kryo, 2 JDK serialization), key id (0 none)
 * Kryo       class table, then the values; see {@link dev.holdfast.codec.ClassTable}
 * JDK        a serialization stream
 * </pre>
 *
 * <p>A string costs six bytes beyond its text, a number five. JDK classes that sessions often hold
 * have a number ({@link dev.holdfast.codec.FixedTypes}); every other class is written by name. No
 * class gets a number by the order of registration, and no name of a Kryo class is ever written, so
 * Kryo can be relocated and replaced.
 *
 * <p>With encryption these bytes are sealed, which adds 25 in front and 16 behind ({@link
 * dev.holdfast.sealing.Sealing}); the key id is in the front part, and the one in the envelope
 * stays 0. Changes in place are found by comparing the plain bytes: sealed ones differ each time.
 * Measured on a busy server, JDK 17: 20 bytes take 1.7 us to seal and 1.0 us to open, 200 KB take
 * 180 us; deriving the session's key takes 1.8 us, once for each load or save. A value costs the
 * bytes of the result and 1.4 KB of garbage, most of it the key schedule of {@code Cipher.init}.
 *
 * <h2>Decisions</h2>
 *
 * <ul>
 *   <li><b>Kryo walks the graph, but not with its {@code CompatibleFieldSerializer}.</b> That
 *       serializer skips a field that the class has lost. The class names and reference numbers
 *       that first occur in the field are lost with it, and what follows is read wrong: a shared
 *       object becomes another object. It also allocates a chunk buffer of 1 KB per object, and its
 *       fields go through {@code sun.misc.Unsafe}, which warns from Java 24 on. {@link
 *       dev.holdfast.codec.BeanSerializer} has names and kinds of all fields ahead of the values,
 *       and reads a lost field to drop it, even if its class is gone.
 *   <li><b>One codec per value, where possible.</b> When a value leads to something that only JDK
 *       serialization gets right, JDK serialization writes the whole value. Mixing loses the
 *       identity of objects that both halves reach. Only when the whole is not Serializable are
 *       streams embedded, and only when they share nothing with the rest.
 *   <li><b>What JDK serialization writes:</b> classes with serialization methods of their own,
 *       records, throwables, proxies, collections outside the list of fixed types, whatever extends
 *       a class of the JDK. This package writes Timestamp and other common values itself, exactly,
 *       because a date in a bean should not cost the bean its tolerance of new fields.
 *   <li><b>Evolution:</b> fields may come, go, move along the hierarchy and widen. Under JDK
 *       serialization its own rules apply ({@code serialVersionUID}).
 *   <li><b>Refused early.</b> Bytes whose reading runs code of the application are read back before
 *       they are returned ({@link dev.holdfast.codec.ReadBack}). The allow-list judges the same
 *       names on encoding as on decoding: those that stand in the bytes.
 *   <li><b>Limits before allocation.</b> All lengths that a value declares count against its bytes
 *       ({@link dev.holdfast.codec.BoundedInput}); nesting ends at 1000 levels both ways, or at 400
 *       under JDK serialization.
 *   <li><b>Java serialization decides</b> which fields are stored, in which order, and which
 *       constructor runs ({@link dev.holdfast.codec.BeanLayout}); so half-read objects look the
 *       same to the code that meets them. A plain class, which it would refuse, is made by its
 *       no-argument constructor if there is one, so that transient fields are there.
 * </ul>
 *
 * <h2>Limits</h2>
 *
 * <p>Strings keep their identity, other immutable values of the JDK do not. A value that JDK
 * serialization writes through a stand-in, such as an unmodifiable list, is refused when it leads
 * back to itself. Hash tables whose keys lead back to the table are read as JDK serialization would
 * read them. The load factor of a hash table is not kept, although JDK serialization keeps it: it
 * can be read only by reflection into the JDK, and nothing that a program sees of the table depends
 * on it but the order of iteration, which was never promised.
 */
@NullMarked
package dev.holdfast.codec;

import org.jspecify.annotations.NullMarked;
