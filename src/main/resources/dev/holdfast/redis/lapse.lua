-- Ends the time of a session that another process is to end: whoever asks for it finds it expired, and
-- the sweep of a node, which has the application's listeners, takes it out. ARGV: not-after; with a
-- backup, for how long the session cannot be put back, at least, else ''; a mark that is answered and
-- says whose reply this is. At maxmemory PEXPIREAT comes before what needs memory, even where there is
-- no key yet: after a write Redis refuses the script nothing.
if now > tonumber(ARGV[1]) then
  return {now, LATE, ARGV[3]}
end
-- Also of a session that is not here: somebody may be about to put it back.
local refuse = tonumber(ARGV[2])
if refuse then
  local gone = key .. ':gone'
  local over = decimal(now + math.max(refuse, redis.call('PTTL', gone)))
  redis.call('PEXPIREAT', gone, over)
  redis.call('HSET', gone, 'at', decimal(now))
  redis.call('PEXPIREAT', gone, over)
end
local s = live()
if not s then
  return {now, GONE, ARGV[3]}
end
-- Not the whole grace, so that it stays over on a server whose clock is behind.
local at = decimal(now + GRACE - CLOCK_STEP)
redis.call('PEXPIREAT', key, at)
redis.call('HSET', key, 'm:x', at .. ' ' .. s.accessed .. ' ' .. s.rest)
return {now, SAVED, ARGV[3]}
