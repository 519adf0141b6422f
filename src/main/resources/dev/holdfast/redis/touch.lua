-- ARGV: secret hash, or '' to move the deadline alone; slack. Answers the idle time if there is such
-- a session, and the secret hash, which says whose reply it is. PEXPIREAT comes first: after a write
-- that needs no memory, HSET is not refused at maxmemory either, and a session in use does not end
-- because Redis is full.
local s = live()
local access = ARGV[1] ~= ''
if not s or (access and not opens(s, ARGV[1])) then
  return {now, ARGV[1]}
end
local at = deadline(s.idle, tonumber(ARGV[2]), s.absolute)
local accessed = access and later(s.accessed, decimal(now)) or s.accessed
redis.call('PEXPIREAT', key, at)
redis.call('HSET', key, 'm:x', at .. ' ' .. accessed .. ' ' .. s.rest)
return {now, s.idle, ARGV[1]}
