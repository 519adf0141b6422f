/**
 * The session store in Redis 6.2 or newer: {@link dev.holdfast.redis.RedisSessionStore}.
 *
 * <h2>One session, one hash</h2>
 *
 * <p>Key: <code>&lt;prefix&gt;:&lt;app&gt;:{&lt;locator&gt;}</code>. With a backup there are two
 * more: {@code <prefix>:<app>:backup} exists unless Redis has lost everything (warmup.lua), and a
 * session's key with {@code :gone} at the end exists for a while after the session has ended, so
 * that nobody puts it back (destroy.lua, restore.lua; the same slot). The locator is the hash tag,
 * so sessions spread over a Cluster; prefix and app come first, so that an ACL pattern can confine
 * an application. The commands a user needs: hello, auth, hgetall, hget, hmget, hset, hdel, del,
 * exists, pexpireat, pttl, time, zadd, zrangebyscore, zscore, zrem, publish, subscribe, evalsha,
 * eval, script|load; zcard and zrange for the index of users; wait with {@code durability=replica};
 * cluster|slots and asking in a Cluster.
 *
 * <table>
 * <caption>Fields</caption>
 * <tr><td>{@code m:h}</td><td>SHA-256 of the secret, 32 bytes</td></tr>
 * <tr><td>{@code m:v}</td><td>stamp of the content, 16 bytes</td></tr>
 * <tr><td>{@code m:x}</td><td>the times, decimal, with a space between: the PEXPIREAT that was set
 *   (ms), last access (ms), maxInactive (s), epoch, and the absolute deadline (ms) if there is
 *   one</td></tr>
 * <tr><td>{@code m:c}</td><td>creation (ms)</td></tr>
 * <tr><td>{@code m:p}</td><td>after a rotation: the replaced secret's hash and its deadline (ms),
 *   negative when that secret is only recognised, positive when it still opens the
 *   session</td></tr>
 * <tr><td>{@code m:n}</td><td>when the session got its secret (ms), from the first rotation on;
 *   until then, that is the creation. The writer sets the time, by its knowledge of Redis's clock,
 *   since its seal holds it; a later secret always has a later time</td></tr>
 * <tr><td>{@code m:s}</td><td>the creation's stamp, from the first save on; before, it is
 *   {@code m:v}</td></tr>
 * <tr><td>{@code m:u}</td><td>the principal, if somebody is logged in; with encryption always
 *   there, because its bytes are the seal over the metadata ({@code
 *   dev.holdfast.sealing.SessionSeal}), and a save that writes it compares it with the one its
 *   writer knew</td></tr>
 * <tr><td>{@code m:l}</td><td>while somebody has the session's lock: the line for it, each place a
 *   token and the time (ms) at which it is forgotten</td></tr>
 * <tr><td>{@code a:<name>}</td><td>an attribute's value. Names are UTF-8; an unpaired surrogate
 *   becomes the three bytes of its number, so every Java string comes back</td></tr>
 * <tr><td>{@code r:<name>}</td><td>the stamp of its last write; absent while that was the
 *   creation</td></tr>
 * </table>
 *
 * <p>Why {@code m:x} holds several numbers: a check that a cached copy is current (HMGET of {@code
 * m:h m:v m:x m:p}, and PTTL) takes 275 bytes both ways with the key of an application named
 * "shop"; with a field for each number it took 349, over the 300 it may take. It costs less memory
 * too. The secret hashes stay out of it: a value over 64 bytes would turn the compact listpack of a
 * small session into a hash table.
 *
 * <p>Bytes by MEMORY USAGE on Redis 7.0.15, as created and after a save that wrote every attribute:
 *
 * <table>
 * <caption>Memory</caption>
 * <tr><td>no attribute</td><td>216</td><td>248</td></tr>
 * <tr><td>1 of 30 bytes</td><td>280</td><td>312</td></tr>
 * <tr><td>1 of 65 bytes (a hash table from here)</td><td>624</td><td>720</td></tr>
 * <tr><td>10 of 30 bytes</td><td>728</td><td>984</td></tr>
 * <tr><td>10 of 1,000 bytes</td><td>11,176</td><td>12,080</td></tr>
 * </table>
 *
 * <p>The stamp of an attribute's last write is a field of its own and not packed in front of the
 * value: a node that reloads can ask for the stamps alone and then fetch what differs. Leaving it
 * out for what the creation wrote saves a session that is made once and then read 26 bytes an
 * attribute in a listpack, 64 and more in a hash table.
 *
 * <h2>Whose reply it is</h2>
 *
 * <p>RESP has no request ids: a client that is out of step takes each reply for the reply to
 * another command (lettuce#2012). So every stamp in a hash carries a check sum of its key ({@link
 * dev.holdfast.redis.BoundStamp}), every script answers a stamp, and a reply of the wrong kind or
 * of another session closes the connection. Reads are then made once more, writes fail with their
 * outcome unknown. That costs no byte, not even in a check. "There is none" says of nobody that
 * there is none: it counts when the touch behind it, whose reply ends with the hash of the secret,
 * shows that the connection is in step, or an echo when no touch was due.
 *
 * <h2>Users</h2>
 *
 * <p>Key: <code>&lt;prefix&gt;:&lt;app&gt;:user:{&lt;hash&gt;}</code>, a sorted set for each user:
 * the locators of their sessions, scored with the time of the login (ms). The hash is 16 bytes of
 * SHA-256 of the application's and the user's name: it does not tell the name, though whoever knows
 * names can try them. A user with one session takes 136 bytes, each further session about 40
 * (MEMORY USAGE, Redis 7.0.15). One key, so one slot: its script (users.lua) is what makes a limit
 * hold. The key lives for 30 days after the last login or sign of life, or for twice the sessions'
 * maxInactive, whichever is longer.
 *
 * <p>With encryption {@code <prefix>:<app>:user:{keys}} is of the same form: names of keys that
 * nodes seal with and the seconds that a session lives, scored with the time when that was last
 * noted ({@link dev.holdfast.redis.RedisKeyRegister}). A node that lacks one of them does not
 * answer for a user.
 *
 * <p>{@code <prefix>:<app>:user:{nodes}} is of that form too: a member is a node's name and the
 * settings that other nodes compare with theirs, without secrets, scored with the time when the
 * node was last there ({@link dev.holdfast.redis.RedisNodeRegister}). A node sends two scripts in
 * one packet once a minute: file and list.
 *
 * <p><code>&lt;prefix&gt;:&lt;app&gt;:taken:{&lt;hash&gt;}</code> is a hash for each session of
 * another store that is, or was just, taken over: {@code l} where it leads, {@code s} once it is
 * there.
 *
 * <h2>Expiry index</h2>
 *
 * <p>{@link dev.holdfast.redis.RedisExpiryIndex}: {@code <prefix>:<app>:expiry:{<app>-<n>}}, n from
 * 0 to 15, sorted sets of locators. A session's entry is in the set of its locator's {@code
 * String.hashCode} modulo 16. An entry takes 118 to 129 bytes (1,000 to 100,000 entries in a set,
 * Redis 7.0.15), so a session of one small attribute takes about 405 with it. Sets of fewer than
 * 128 entries would be compact, a third of that; it would take a thousand sets for a hundred
 * thousand sessions, all of which a sweep would have to ask. A logout leaves its entry to the sweep
 * that finds it due: to remove it at once would be a second command for each logout.
 *
 * <p>Keyspace notifications would not do: they are lost when nobody listens, and come without the
 * fields. Nor would one sorted set, which a Cluster could not spread.
 *
 * <h2>Locks</h2>
 *
 * <p>The line for a session's lock is a field of its hash ({@link
 * dev.holdfast.redis.RedisSessionLocks}): the first one in it has the lock. So a lock ends with its
 * session, moves with its slot, needs no key and no right of its own, and a save can compare it in
 * the same script, which is what makes it safe: leases and messages only make it quick. The token
 * that is compared is random and not a number that counts up, which a failover would give out
 * twice. The save carries it behind the epoch, so that a save without a lock is not a byte longer.
 *
 * <p>A lease that is over ends nothing by itself: whoever asks next drops the places whose time has
 * come from the line. Until then nobody else has read what the holder may write. Nor is a place
 * dropped when its holder asks again, so a node that stood still alone goes on.
 *
 * <p>Whoever leaves publishes the next token ({@code lock <token>}) on the channel of ended
 * sessions, to which every node listens in any case; a node that knows no locks takes the token for
 * a session that it does not have. Only a line that somebody waits in costs a message. Messages can
 * get lost, so whoever waits asks about once a second. Blocking commands would need a connection
 * for each that waits; keys of their own for lock and line would make two scripts of a save.
 *
 * <p>A place costs about 30 bytes, and there is one for each node at most ({@code
 * dev.holdfast.session.Gates}). With three the field is longer than 64 bytes, so that the hash of a
 * small session becomes a hash table (above).
 *
 * <p>Why a failover breaks no save: replication keeps the order of writes, so a primary that has
 * the place of a holder has all that the holder read after it got the place. A primary without the
 * place refuses the save.
 *
 * <h2>The end of a session</h2>
 *
 * <p>destroy.lua publishes it on {@code <prefix>:<app>:ended}, so that it costs neither a wait nor
 * a packet, and only if there was a session. A Cluster passes the message on to all servers. A node
 * that has an object of the session then asks the store for it ({@link
 * dev.holdfast.redis.EndedChannel}).
 *
 * <p>A process without the application's listeners does not destroy a session. lapse.lua ends its
 * time instead, leaving it the grace but for the 10 seconds by which clocks of servers may differ,
 * so that every request finds it expired, and its entry in the expiry index becomes due at once: a
 * node takes it out as one that nobody asks for any more. The seal of an encrypted session leaves
 * the idle deadline out, so nothing has to be sealed anew.
 *
 * <h2>Time</h2>
 *
 * <p>The time is Redis's. Scripts ask TIME; a reader computes it, now = {@code m:x} - PTTL. TTL =
 * maxInactive + touch slack + 5 minutes of grace, never beyond the absolute deadline + grace; 365
 * days for a session that never expires. A session is over when no more than the grace is left,
 * when its absolute deadline has passed, or when the key has no TTL or a longer one than any node
 * would set (slack of a node with {@code touch.interval} at its maximum, so that nodes with
 * different settings agree) that does not end when {@code m:x} says, give or take 10 s. One that
 * does was set by a script, and the clock was set back since, or another server with another clock
 * has become the primary: to end every session then would log everybody out for a correction of the
 * time. Before a TTL that does not fit is believed, the hash is read again, together with TIME,
 * because another client's script may have come between the two commands of the read.
 *
 * <p>A caller that gives up leaves its command in a socket, and Redis may execute it much later. So
 * create and save carry the moment at which their caller gives up, in Redis's clock: the clock of
 * the last reply and the time elapsed here since ({@link dev.holdfast.redis.client.RedisClock}).
 * Every connection starts with a TIME, so there always is one. A touch has no such moment, because
 * it moves only what it finds alive; destroy has none, because it is wanted even if it comes late.
 *
 * <h2>Scripts</h2>
 *
 * <p>A script takes one key, has no shebang (6.2 refuses it), and answers a code, not an error,
 * when it has lost a race. Those that requests and the sweep run are loaded before a connection is
 * handed out; NOSCRIPT falls back to EVAL. At maxmemory, save and create are refused whole because
 * HSET is their first write; destroy has no write that needs memory; touch calls PEXPIREAT first,
 * after which Redis refuses the script nothing, so that a session in use does not end because Redis
 * is full.
 *
 * <p>How a command gets to the server of its key is the matter of {@link
 * dev.holdfast.redis.client}.
 */
@NullMarked
package dev.holdfast.redis;

import org.jspecify.annotations.NullMarked;
