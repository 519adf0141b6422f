-- Ends the time of a session that another process is to end: whoever asks for it finds it expired, and
-- the sweep of a node, which has the application's listeners, takes it out. ARGV: not-after; for how
-- long the session cannot be put back, or ''; a mark that is answered and says whose reply this is.
-- PEXPIREAT comes first: after a write that needs no memory, Redis refuses the script nothing.
local s = live()
if not s then
  return {now, GONE, ARGV[3]}
end
if now > tonumber(ARGV[1]) then
  return {now, LATE, ARGV[3]}
end
-- Not the whole grace, so that it stays over on a server whose clock is behind.
local at = now + GRACE - CLOCK_STEP
redis.call('PEXPIREAT', key, decimal(at))
redis.call('HSET', key, 'm:x', times(at, s.accessed, s.idle, s.epoch, s.absolute))
if ARGV[2] ~= '' then
  redis.call('HSET', key .. ':gone', 'at', decimal(now))
  redis.call('PEXPIREAT', key .. ':gone', decimal(now + tonumber(ARGV[2])))
end
return {now, SAVED, ARGV[3]}
