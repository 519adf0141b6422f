-- ARGV: secret hash, slack. PEXPIREAT comes first: after a write that needs no memory, HSET is not
-- refused at maxmemory either, and a session in use does not end because Redis is full.
local s = live()
if not s or s.hash ~= ARGV[1] then
  return {now}
end
local at = deadline(s.idle, tonumber(ARGV[2]), s.absolute)
redis.call('PEXPIREAT', key, decimal(at))
redis.call('HSET', key, 'm:x', times(at, math.max(s.accessed, now), s.idle, s.epoch, s.absolute))
return {now, s.idle}
